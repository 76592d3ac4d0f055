import '../styles/form.css';
import { useEffect, useId, useState, type SubmitEvent, type InputHTMLAttributes } from 'react';
import { begin, client } from '../graphql/api';
import { Login, Register, type SessionParts } from '../graphql/generated';
import type { UserError } from '../graphql/document';
import { told, useAction, useTitle } from '../hooks';
import { Link, destination, paths, useRouter } from '../router';
import { Mark } from '../ui/icon';
import { Problem } from '../ui/notice';
import { useViewer } from '../viewer';

interface Payload {
  session: SessionParts | null;
  userErrors: UserError[];
}

export default function SignIn() {
  const { path, search, go } = useRouter();
  const { signedIn } = useViewer();
  useEffect(() => {
    if (signedIn) go(destination(search), 'replace');
  }, [signedIn, search, go]);
  return <div className="door card">{path === paths.register ? <RegisterForm /> : <LoginForm />}</div>;
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  name: string;
  hint?: string;
  errors: UserError[];
}

function Field({ label, hint, errors, ...input }: FieldProps) {
  const id = useId();
  const mine = told(errors.filter((error) => error.field?.at(-1) === input.name));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input {...input} id={id} required aria-invalid={mine !== null} aria-describedby={hint === undefined ? `${id}-problem` : `${id}-hint ${id}-problem`} />
      {hint !== undefined && (
        <p className="hint quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Problem id={`${id}-problem`} text={mine} />
    </div>
  );
}

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

/** Submits a form and begins the session it earns; errors go to their fields, the others above the button. */
function useDoor(fields: readonly string[], ask: (form: FormData) => Promise<Payload>) {
  const [errors, setErrors] = useState<UserError[]>([]);
  const action = useAction(async (form: FormData) => {
    setErrors([]);
    const { session, userErrors } = await ask(form);
    setErrors(userErrors);
    if (session !== null) begin(session);
    return told(userErrors.filter((error) => !fields.includes(error.field?.at(-1) ?? '')));
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void action.run(new FormData(event.currentTarget));
  };
  return { onSubmit, errors, busy: action.busy, problem: action.problem };
}

const LOGIN_FIELDS = ['login', 'password'] as const;

function LoginForm() {
  const { search } = useRouter();
  useTitle('Sign in');
  const door = useDoor(LOGIN_FIELDS, async (form) => {
    const input = { login: text(form, 'login').trim(), password: text(form, 'password') };
    return (await client.request(Login, { input })).login;
  });
  return (
    <form onSubmit={door.onSubmit} aria-busy={door.busy}>
      <Mark size={44} />
      <h1>Welcome back</h1>
      <Field label="Name or e-mail" name="login" autoComplete="username" autoCapitalize="none" errors={door.errors} />
      <Field label="Password" name="password" type="password" autoComplete="current-password" errors={door.errors} />
      <Problem text={door.problem} />
      <button type="submit" className="button button-main" disabled={door.busy}>
        Sign in
      </button>
      <p className="door-other">
        New here? <Link to={paths.register + search}>Create an account</Link>
      </p>
    </form>
  );
}

const REGISTER_FIELDS = ['handle', 'displayName', 'email', 'password'] as const;

function RegisterForm() {
  const { search } = useRouter();
  useTitle('Create an account');
  const door = useDoor(REGISTER_FIELDS, async (form) => {
    const input = {
      handle: text(form, 'handle').trim(),
      displayName: text(form, 'displayName').trim(),
      email: text(form, 'email').trim(),
      password: text(form, 'password'),
    };
    return (await client.request(Register, { input })).register;
  });
  return (
    <form onSubmit={door.onSubmit} aria-busy={door.busy}>
      <Mark size={44} />
      <h1>Join in</h1>
      <Field label="Your name" name="displayName" autoComplete="name" errors={door.errors} />
      <Field
        label="Handle"
        name="handle"
        autoComplete="username"
        autoCapitalize="none"
        hint="Others find you by it: 3 to 30 letters, digits and underscores."
        errors={door.errors}
      />
      <Field label="E-mail" name="email" type="email" autoComplete="email" errors={door.errors} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={8}
        errors={door.errors}
      />
      <Problem text={door.problem} />
      <button type="submit" className="button button-main" disabled={door.busy}>
        Create account
      </button>
      <p className="door-other">
        Been here before? <Link to={paths.signIn + search}>Sign in</Link>
      </p>
    </form>
  );
}
