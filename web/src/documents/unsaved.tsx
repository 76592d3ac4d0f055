import { useState } from 'react';
import { fullDate } from '../format';
import { drafts, session } from '../graphql/api';
import type { DocumentParts } from '../graphql/generated';
import { changesOf } from './merge';

interface Props {
  document: DocumentParts;
  onEdit: () => void;
  /** The button that was pressed is gone: the keyboard goes on elsewhere. */
  onDropped: () => void;
}

/** Says that its reader has written into this document and not saved it, where that is so. */
export function Unsaved({ document, onEdit, onDropped }: Props) {
  const owner = session.subject();
  const [dropped, setDropped] = useState(false);
  const found = owner === null || dropped ? null : drafts.find(owner, document.id);
  if (owner === null || found === null || Object.keys(changesOf(document, found.draft)).length === 0) return null;
  const drop = () => {
    drafts.drop(owner, document.id);
    setDropped(true);
    onDropped();
  };
  return (
    <div className="unsaved" role="status">
      <p>
        You changed this and have not saved it: what you wrote until {fullDate(found.at)} is kept in this browser,
        for you alone, until you sign out.
      </p>
      <p className="document-acts">
        <button type="button" className="button button-main" onClick={onEdit}>
          Go on writing
        </button>
        <button type="button" className="button" onClick={drop}>
          Drop it
        </button>
      </p>
    </div>
  );
}
