import type { Command } from 'commander'
import type { PortalLinkInput } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { argumentText, jsonOf } from '../input/text.ts'
import { seconds } from '../input/values.ts'

interface Options {
  readonly expires?: number
  readonly theme?: string
  readonly end?: boolean
}

const DEFAULT_TENANT = 'default'

export function portalLinkCommand(program: Command): void {
  program
    .command('portal-link')
    .description('A link to the page where --tenant manages its own webhooks.')
    .option('--expires <time>', 'how long it is good: 15m, 2h, 7d; default 1h', seconds)
    .option('--theme <json>', 'how it looks (JSON, @file or -)')
    .option('--end', 'instead: end all links that the tenant has')
    .action(
      action(async ({ client, output, options, tenant }: Context<Options>) => {
        const { expires, theme, end } = options
        const whose = tenant.tenant ?? DEFAULT_TENANT
        if (end) {
          await client.portalLinks.endAll(whose)
          output.show({ tenant: whose }, `All links of ${whose} have ended.`)
          return
        }
        const link = await client.portalLinks.create({
          tenant: whose,
          ...(expires !== undefined && { expiresInSeconds: expires }),
          ...(theme !== undefined && { theme: await themeOf(theme) }),
        })
        output.show(link, link.url)
        output.say(`For ${link.tenant}, until ${link.expiresAt}. Give it to nobody else.`)
      }),
    )
}

const themeOf = async (given: string) =>
  jsonOf(await argumentText(given), '--theme') as NonNullable<PortalLinkInput['theme']>
