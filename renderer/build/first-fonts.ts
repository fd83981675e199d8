import type { HtmlTagDescriptor, Plugin } from 'vite'

/** What the first screen is written in: without its letters it would be painted twice, the second time when they have come. */
const FIRST = /be-vietnam-pro-(?:latin|vietnamese)-(?:400|600)-normal-[\w-]+\.woff2$/

/** Lets the browser fetch these fonts together with the program instead of when the first text is laid out. */
export function firstFonts(): Plugin {
  return {
    name: 'first-fonts',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }): HtmlTagDescriptor[] =>
        Object.keys(bundle)
          .filter(name => FIRST.test(name))
          .map(name => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `./${name}` },
            injectTo: 'head',
          })),
    },
  }
}
