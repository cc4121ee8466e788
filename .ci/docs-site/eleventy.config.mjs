// Renders the Markdown as it is: links between files become links between pages, headings get the anchors that code hosts
// give them.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import anchor from 'markdown-it-anchor';

const SOURCE = 'source';

/** Folders without a page of their own get a list of their files, as pages may link to them. */
const folders = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((it) => it.isDirectory())
  .map((it) => join(relative(SOURCE, it.parentPath), it.name))
  .filter((folder) => !existsSync(join(SOURCE, folder, 'README.md')));

const title = (file) => /^# (.*)$/m.exec(readFileSync(join(SOURCE, file), 'utf8'))?.[1].replaceAll('`', '') ?? file;
const pages = (folder) =>
  readdirSync(join(SOURCE, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => ({ title: title(join(folder, name)), url: page(join(folder, name)) }));
const page = (file) => file.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html');

const slug = (text) =>
  text.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');

function target(href, from) {
  const [path, fragment] = href.split('#');
  if (!path || /^[a-z]+:/.test(path)) return href;
  const file = join(dirname(from), path);
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory();
  return (isFolder ? `${path.replace(/\/$/, '')}/index.html` : page(path)) + (fragment ? `#${fragment}` : '');
}

export default function (eleventy) {
  eleventy.setUseGitIgnore(false);
  eleventy.amendLibrary('md', (markdown) => {
    markdown.use(anchor, { slugify: slug, tabIndex: false });
    markdown.core.ruler.push('links', ({ tokens, env }) => {
      for (const token of tokens.flatMap((it) => it.children ?? [])) {
        if (token.type === 'link_open') token.attrSet('href', target(token.attrGet('href'), env.page.inputPath));
      }
    });
  });
  for (const folder of folders) {
    const files = readdirSync(join(SOURCE, folder)).sort();
    const list = files.map((it) => `- [${it.endsWith('.md') ? title(join(folder, it)) : it}](${it})`);
    eleventy.addTemplate(`${folder}/index.md`, `# ${folder}\n\n${list.join('\n')}\n`);
  }
  eleventy.addGlobalData('layout', 'page.njk');
  eleventy.addGlobalData('permalink', () => ({ page }) => `${page.filePathStem.replace(/README$/, 'index')}.html`.slice(1));
  eleventy.addGlobalData('navigation', {
    'How to': pages('docs/how-to'),
    Reference: [{ title: 'The contract', url: 'reference.html' }, ...pages('docs')],
    More: [
      { title: 'Examples', url: 'examples/index.html' },
      { title: 'Decisions', url: 'docs/adr/index.html' },
      ...pages('').filter((it) => it.url !== 'index.html'),
    ],
  });
  eleventy.addFilter('root', (url) => '../'.repeat(url.split('/').length - 2));
  eleventy.addFilter('heading', (content) => /<h1[^>]*>(.*?)<\/h1>/.exec(content)?.[1].replace(/<[^>]*>/g, '') ?? 'Postern');
  return {
    dir: { input: SOURCE, output: 'site', includes: '../layout' },
    markdownTemplateEngine: false,
    templateFormats: ['md'],
  };
}
