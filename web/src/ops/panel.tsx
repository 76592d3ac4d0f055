import { useId, type ReactNode } from 'react';

interface PanelProps {
  title: string;
  note?: string;
  wide?: boolean;
  /** Under which it is found from the page's head. */
  anchor?: string;
  children: ReactNode;
}

/** A part of the page with its heading. */
export function Panel({ title, note, wide = false, anchor, children }: PanelProps) {
  const id = useId();
  return (
    <section id={anchor} className={wide ? 'card ops-panel ops-wide' : 'card ops-panel'} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {note !== undefined && <p className="quiet ops-note">{note}</p>}
      {children}
    </section>
  );
}

interface Column<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand to the right. */
  figure?: boolean;
}

interface TableProps<Row> {
  label: string;
  columns: Array<Column<Row>>;
  rows: Row[];
  keyOf: (row: Row) => string;
  /** What is said where there is no row. */
  nothing?: string;
}

/** A plain table; the first column names the row. It scrolls by itself where it is too wide, so that the page does not. */
export function Table<Row>({ label, columns, rows, keyOf, nothing = 'Nothing in the last minute.' }: TableProps<Row>) {
  if (rows.length === 0) return <p className="quiet ops-note">{nothing}</p>;
  return (
    <div className="ops-scroll">
      <table className="ops-table">
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            {columns.map(({ name, figure }) => (
              <th key={name} scope="col" className={figure ? 'figure' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, cell, figure }, index) =>
                index === 0 ? (
                  <th key={name} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={name} className={figure ? 'figure' : undefined}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
