import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { ReportSubject } from '../graphql/generated';
import { told, useAction } from '../hooks';
import { Problem } from '../ui/notice';

interface Props {
  subjectId: string;
  onReported: () => void;
  onCancel: () => void;
}

/** Tells the moderators of something, with a reason in one's own words. */
export function Report({ subjectId, onReported, onCancel }: Props) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const send = useAction(async () => {
    const { userErrors } = (await client.request(ReportSubject, { input: { subjectId, reason: reason.trim() } })).reportSubject;
    if (userErrors.length === 0) onReported();
    return told(userErrors);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void send.run();
  };
  return (
    <form className="edit-post report" onSubmit={submit} aria-label="Report to the moderators">
      <label className="field">
        <span>What is wrong with it?</span>
        <textarea ref={field} rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <Problem text={send.problem} />
      <p className="edit-post-end">
        <button type="submit" className="button button-main" disabled={send.busy || reason.trim() === ''}>
          Send to the moderators
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
