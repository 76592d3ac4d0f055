import type { OwnProductParts } from '../graphql/generated';
import { Icon } from '../ui/icon';
import { LocalPreview } from '../ui/local_preview';
import { Picture } from '../ui/picture';
import type { Written } from './save_product';

interface Props extends Pick<Written, 'media' | 'files'> {
  known: OwnProductParts['media'];
  onChange: (part: Partial<Pick<Written, 'media' | 'files'>>) => void;
}

/** Those a product has, and those chosen to be sent with it; the first is shown in the shop. */
export function ProductPictures({ media, files, known, onChange }: Props) {
  const there = known.filter((picture) => picture !== null && media.some(({ id }) => id === picture.id)).filter((picture) => picture !== null);
  return (
    <>
      <ul className="sell-pictures" aria-label="Pictures of the product">
        {there.map((picture, index) => (
          <li key={picture.id}>
            <Picture media={picture} sizes="110px" label={`Picture ${index + 1}`} />
            <Drop label={`Remove picture ${index + 1}`} onDrop={() => onChange({ media: media.filter(({ id }) => id !== picture.id) })} />
          </li>
        ))}
        {files.map((file, index) => (
          <li key={index}>
            <LocalPreview file={file} label={file.name} />
            <Drop label={`Remove ${file.name}`} onDrop={() => onChange({ files: files.filter((other) => other !== file) })} />
          </li>
        ))}
      </ul>
      <label className="file-button">
        <Icon name="pictures" />
        <span>Add pictures</span>
        <input
          type="file"
          multiple
          accept="image/*"
          onChange={(event) => {
            onChange({ files: [...files, ...(event.target.files ?? [])] });
            event.target.value = '';
          }}
        />
      </label>
    </>
  );
}

function Drop({ label, onDrop }: { label: string; onDrop: () => void }) {
  return (
    <button type="button" className="icon-button" aria-label={label} onClick={onDrop}>
      <Icon name="close" />
    </button>
  );
}
