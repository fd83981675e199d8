// How the program is packed: `electron-builder --config electron-builder.mjs --linux|--windows`. `scripts/package-check.mjs` tries it.

/** Packages that Vite has put into the program's and the page's own files already; packed again they would only weigh. */
const builtIn = [
  '@dnd-kit',
  '@fontsource',
  '@mantine',
  '@tabler',
  '@tanstack',
  '@trpc',
  'i18next',
  'kysely',
  'react',
  'react-dom',
  'react-i18next',
  'zod',
]

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'vn.chungthuc.desk',
  productName: 'Ban chung thuc',
  copyright: 'UBND – Bàn chứng thực bản sao điện tử',
  extraMetadata: { main: 'dist/app/electron/main.js' },
  directories: { output: 'dist/package', buildResources: 'resources/icons' },

  files: [
    'package.json',
    'dist/app/**/*',
    'dist/preload/**/*',
    'dist/renderer/**/*',
    '!**/*.{map,ts,md,markdown,flow}',
    '!**/{test,tests,__tests__,example,examples,docs}/**',
    // Sources to compile from, and builds for other uses than ours.
    '!node_modules/better-sqlite3/{deps,src}/**',
    '!node_modules/pdf-lib/{src,cjs}/**',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder puts the target's names in
    '!node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}).node',
    '!node_modules/pdfjs-dist/{build,web,types,image_decoders}/**',
    '!node_modules/{@floating-ui,@babel,dom-helpers,react-*}/**',
    ...builtIn.map(name => `!node_modules/${name}/**`),
  ],
  asar: true,
  // Machine code, and the libraries it loads by itself, must lie in the file system.
  asarUnpack: ['**/*.node', '**/node_modules/@img/**', '**/*.{so,dll,dylib}', '**/*.so.*'],
  // Every native part is N-API and comes ready made or was compiled by npm: one build serves Node and Electron.
  npmRebuild: false,

  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },

  // For the people of the office, to be read when nothing opens.
  extraFiles: [{ from: 'docs/khi-may-hong.md', to: 'docs/khi-may-hong.md' }],

  win: {
    icon: 'resources/icons/icon.ico',
    target: [
      { target: 'nsis', arch: ['x64'] },
      { target: 'portable', arch: ['x64'] },
    ],
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    // The office's data is the office's: taking the program away never touches it.
    deleteAppDataOnUninstall: false,
    language: '1066',
  },

  linux: {
    icon: 'resources/icons/linux',
    target: [
      { target: 'deb', arch: ['x64'] },
      { target: 'AppImage', arch: ['x64'] },
    ],
    category: 'Office',
    executableName: 'certified-copy-desk',
    maintainer: 'UBND <khong-tra-loi@example.vn>',
    synopsis: 'Chứng thực bản sao điện tử từ bản chính',
  },
  deb: {
    depends: ['libgtk-3-0', 'libnss3', 'libxss1', 'libxtst6', 'libnotify4', 'libsecret-1-0', 'sane-utils', 'pcscd'],
  },

  // No feed is built in: each office's administration names its own. What it holds is signed (docs/releasing.md).
  publish: null,
}
