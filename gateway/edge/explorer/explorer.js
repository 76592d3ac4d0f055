// The explorer: runs operations, streams subscriptions, lists the schema. No library, nothing from elsewhere.

const byId = (id) => document.getElementById(id);
const fields = ["query", "variables"];
const FIRST = `# Ctrl+Enter runs the operation.
query First {
  __typename
}
`;
const SCHEMA = `{ __schema { types { name kind description
  fields { name description args { name type { ...T } } type { ...T } }
  inputFields { name type { ...T } } enumValues { name } possibleTypes { name } } } }
fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name kind } } } }`;

let socket = null;

function remember() {
  for (const id of fields) localStorage.setItem(`explorer.${id}`, byId(id).value);
}

function show(value) {
  byId("answer").textContent = typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function say(text) {
  byId("status").textContent = text;
}

// The operations of a document, in order: what kind each is of, its name, where it begins.
function operations(query) {
  // Comments and texts become spaces, so that places stay.
  const bare = query.replace(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#.*/g, (text) => " ".repeat(text.length));
  const found = [];
  let depth = 0;
  let before = "";
  for (const { 0: word, index: begins } of bare.matchAll(/[{}()]|\w+/g)) {
    if (depth === 0 && ["", "}"].includes(before)) {
      if (word !== "fragment") found.push({ kind: word === "{" ? "query" : word, begins });
    } else if (depth === 0 && /\w/.test(word) && found.at(-1)?.kind === before) found.at(-1).name = word;
    if (word === "{" || word === "(") depth += 1;
    if (word === "}" || word === ")") depth -= 1;
    before = word;
  }
  return found;
}

// What is to run: of several operations the one in which the cursor stands.
function asked() {
  const query = byId("query").value;
  const variables = byId("variables").value.trim();
  const all = operations(query);
  const chosen = all.findLast(({ begins }) => begins <= byId("query").selectionStart) ?? all[0];
  const operation = { query, variables: variables ? JSON.parse(variables) : {} };
  if (all.length > 1) operation.operationName = chosen.name;
  return { operation, live: chosen?.kind === "subscription" };
}

function authorization() {
  const token = byId("token").value.trim();
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function post(operation) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...authorization() },
    body: JSON.stringify(operation),
  });
  return response.json();
}

function subscribe(operation) {
  const events = [];
  stop();
  socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/graphql`, "graphql-transport-ws");
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({ type: "connection_init", payload: authorization() });
  socket.onclose = (event) => say(event.reason || "closed");
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "connection_ack") send({ id: "1", type: "subscribe", payload: operation });
    if (message.type === "ping") send({ type: "pong" });
    if (message.type === "error") show({ errors: message.payload });
    if (message.type === "next") {
      events.unshift(message.payload);
      show(events.slice(0, 50));
      say(`${events.length} received`);
    }
    if (message.type === "complete") stop();
  };
  byId("stop").hidden = false;
  say("listening");
}

function stop() {
  socket?.close(1000);
  socket = null;
  byId("stop").hidden = true;
}

async function run() {
  remember();
  try {
    const { operation, live } = asked();
    if (live) return subscribe(operation);
    const began = performance.now();
    say("running");
    show(await post(operation));
    say(`${Math.round(performance.now() - began)} ms`);
  } catch (error) {
    show(String(error));
    say("failed");
  }
}

function typeName(type) {
  if (type.kind === "NON_NULL") return `${typeName(type.ofType)}!`;
  if (type.kind === "LIST") return `[${typeName(type.ofType)}]`;
  return type.name ?? "…";
}

function lines(type) {
  const parameters = (args) => (args.length ? `(${args.map((a) => `${a.name}: ${typeName(a.type)}`).join(", ")})` : "");
  if (type.fields) return type.fields.map((f) => `${f.name}${parameters(f.args)}: ${typeName(f.type)}`);
  if (type.inputFields) return type.inputFields.map((f) => `${f.name}: ${typeName(f.type)}`);
  return (type.enumValues ?? type.possibleTypes ?? []).map((v) => v.name);
}

function draw(types, wanted) {
  const shown = types.filter((t) => !wanted || [t.name, ...lines(t)].some((l) => l.toLowerCase().includes(wanted)));
  byId("types").replaceChildren(
    ...shown.map((type) => {
      const details = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = type.name;
      details.append(summary);
      if (type.description) details.append(Object.assign(document.createElement("small"), { textContent: type.description }));
      for (const line of lines(type)) details.append(Object.assign(document.createElement("code"), { textContent: line }));
      details.open = Boolean(wanted) && shown.length < 6;
      return details;
    }),
  );
}

async function loadSchema() {
  const answer = await post({ query: SCHEMA });
  if (!answer.data) return;
  const first = ["Subscription", "Mutation", "Query"];
  const rank = (type) => -first.indexOf(type.name);
  const types = answer.data.__schema.types
    .filter((type) => !type.name.startsWith("__"))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  draw(types, "");
  byId("search").addEventListener("input", (event) => draw(types, event.target.value.trim().toLowerCase()));
}

for (const id of fields) byId(id).value = localStorage.getItem(`explorer.${id}`) ?? (id === "query" ? FIRST : "");
byId("run").addEventListener("click", run);
byId("stop").addEventListener("click", stop);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
loadSchema();
