// Line icons on a grid of 24, drawn by hand.
const PATHS = {
  inbox: 'M3 13l3-8h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5',
  drafts: 'M4 20h16M5 16l10-10 3 3L8 19H5z',
  sent: 'M21 4L3 11l6 3 3 6zM9 14l5-4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  junk: 'M12 3l9 16H3zM12 10v4M12 16.6v.4',
  archive: 'M4 4h16v4H4zM5.5 8v12h13V8M10 12h4',
  all: 'M4 6h16v12H4zM4 7l8 6 8-6',
  flagged: 'M6 21V4M6 5c4-2.5 7 2.500 12 0v9c-5 2.500-8-2.500-12 0',
  important: 'M12 4v10M12 18v.5',
  folder: 'M3 6h6l2 2h10v11H3z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  search: 'M11 5a6 6 0 1 0 0 12a6 6 0 1 0 0-12M16 16l4.500 4.500',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M19 12H6M11 6l-6 6 6 6',
  reply: 'M10 6l-6 5 6 5v-3.500c5 0 8 1 10 4.500 0-6-4-9-10-9z',
  replyAll: 'M8 6l-5 5 5 5M13 6l-5 5 5 5v-3.500c4 0 6.500 1 8 4.500 0-6-3-9-8-9z',
  forward: 'M14 6l6 5-6 5v-3.500c-5 0-8 1-10 4.500 0-6 4-9 10-9z',
  star: 'M12 4l2.500 5.200 5.700.8-4.100 4 1 5.600-5.100-2.700-5.100 2.700 1-5.600-4.100-4 5.700-.8z',
  clip: 'M19 11l-7.500 7.500a4.500 4.500 0 0 1-6.400-6.400L13 4.200a3 3 0 0 1 4.300 4.300L9.500 16.200a1.500 1.500 0 0 1-2.100-2.100L14.500 7',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-2.500 4 3.500M15.500 9v.5',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  out: 'M14 5H5v14h9M10 12h11M17 8l4 4-4 4',
  pen: 'M5 16l10-10 3 3L8 19H5zM13 8l3 3',
  mailOpen: 'M4 10l8-6 8 6v10H4zM4 10l8 6 8-6',
  mailClosed: 'M4 6h16v12H4zM4 7l8 6 8-6',
  move: 'M3 6h6l2 2h10v11H3zM10 13.500h6M13.500 11l2.500 2.500-2.500 2.500',
  thread: 'M4 5h12v8H8l-4 3zM8 16v1h8l4 3v-9h-4',
  check: 'M5 12.500l4.500 4.500L19 7',
  keys: 'M3 7h18v10H3zM7 11v.1M11 11v.1M15 11v.1M8 14h8',
  cloud: 'M7 18h10a4 4 0 0 0 .5-8 6 6 0 0 0-11.500 1.500A3.500 3.500 0 0 0 7 18M4 4l16 16',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, filled }: { name: IconName; filled?: boolean }) {
  return (
    <svg class={filled ? 'icon filled' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function iconOf(role: string | undefined): IconName {
  switch (role) {
    case 'inbox':
    case 'drafts':
    case 'sent':
    case 'trash':
    case 'junk':
    case 'archive':
    case 'all':
    case 'flagged':
    case 'important':
      return role;
    default:
      return 'folder';
  }
}

export function Button(props: {
  icon: IconName;
  label: string;
  keys?: string;
  onClick: () => void;
  filled?: boolean;
  pressed?: boolean;
  disabled?: boolean;
  class?: string;
}) {
  return (
    <button
      type="button"
      class={`tool ${props.class ?? ''}`}
      aria-label={props.label}
      title={props.keys ? `${props.label} (${props.keys})` : props.label}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} filled={props.filled ?? false} />
    </button>
  );
}
