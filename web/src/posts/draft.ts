import { sendMedia } from '../gallery/send_media';
import { client } from '../graphql/api';
import { CreatePost, type PostParts, type PostVisibility } from '../graphql/generated';
import { told } from '../hooks';

export interface Attached {
  readonly key: number;
  readonly file: File;
  readonly altText: string;
}

export interface Draft {
  readonly body: string;
  readonly visibility: PostVisibility;
  readonly attached: readonly Attached[];
}

export type Outcome = { post: PostParts } | { problem: string };

/** Pictures already sent for this draft, so that a second try after a failure sends only the rest. */
export type Sent = Map<string, string>;

/** A picture is as open as its post; anything narrower than everyone keeps the file its owner's. */
const openness = (visibility: PostVisibility) => (visibility === 'PUBLIC' ? 'PUBLIC' : 'PRIVATE');

export async function publish(draft: Draft, sent: Sent, onProgress: (done: number) => void): Promise<Outcome> {
  const mediaIds: string[] = [];
  for (const [index, picture] of draft.attached.entries()) {
    const visibility = openness(draft.visibility);
    const key = `${picture.key} ${visibility} ${picture.altText}`;
    let id = sent.get(key);
    if (id === undefined) {
      const choice = { visibility, altText: picture.altText, keepCopyright: false } as const;
      const taken = await sendMedia(picture.file, choice, {
        onProgress: (part) => onProgress((index + part) / draft.attached.length),
      });
      if ('problem' in taken) return { problem: `${picture.file.name}: ${taken.problem}` };
      id = taken.media.id;
      sent.set(key, id);
    }
    mediaIds.push(id);
  }
  const input = { body: draft.body.trim(), visibility: draft.visibility, mediaIds };
  const { post, userErrors } = (await client.request(CreatePost, { input })).createPost;
  return post === null ? { problem: told(userErrors) ?? 'It was not taken.' } : { post };
}
