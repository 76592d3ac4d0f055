import { ToolbarButton, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { linkTo, type Linked } from './link';

/**
 * Puts the operation into the page's address, and that onto the clipboard where the browser lets it. Of several
 * operations that came by an address, the cursor goes to the one it names: that is the one the keyboard runs.
 */
export function LinkButton({ given }: { given: Linked }) {
  const editor = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const operations = useGraphiQL((state) => state.operations);
  const operationName = useGraphiQL((state) => state.operationName);
  const actions = useGraphiQLActions();
  const named = operations?.find(({ name }) => name !== undefined && name.value === given.operationName);
  const arrived = useRef(false);
  useEffect(() => {
    const place = editor?.getModel()?.getPositionAt(named?.loc?.start ?? 0);
    if (arrived.current || named?.name === undefined || editor === undefined || place === undefined) return;
    arrived.current = true;
    actions.setOperationName(named.name.value);
    editor.setPosition(place);
    editor.focus();
  }, [editor, named, actions]);

  const link = () => {
    const written = { query: editor?.getValue() ?? '', variables: variables?.getValue() ?? '' };
    const address = linkTo(location.href, operationName ? { ...written, operationName } : written);
    history.replaceState(null, '', address);
    // It is there over HTTPS and on localhost alone.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    clipboard?.writeText(address).catch(() => undefined);
  };
  return (
    <ToolbarButton label="Copy link to this operation" onClick={link}>
      <svg
        className="graphiql-toolbar-icon"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        aria-hidden="true"
      >
        <path d="M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.6-1.6" />
      </svg>
    </ToolbarButton>
  );
}
