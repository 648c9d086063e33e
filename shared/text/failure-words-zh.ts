// Simplified Chinese words of failures; see failure-words.ts.
import { actionEndWords } from './action-words.ts';
import { formatBytes } from './bytes.ts';
import { formatDuration } from './durations.ts';
import type { FailureWordsByCode } from './failure-words.ts';
import { namesOf } from './names-of.ts';
import { lockWords } from './source-words.ts';

const list = (names: readonly string[]): string => namesOf(names, (count) => `等另外 ${count} 项`);
const bytes = (count: number): string => formatBytes(count, 'zh-CN');

export const failureWordsZh: FailureWordsByCode = {
  unexpected: ({ detail }) => ({
    title: '出现了意外情况',
    cause: `Holdfast 遇到了一个未知的错误：${detail}`,
    nextStep: '请再试一次；如果再次出现，Holdfast 数据文件夹中的 logs 文件夹里有更多说明。',
  }),
  usage: ({ detail }) => ({
    title: '无法理解这条命令',
    cause: `这条命令无法按所写的方式执行：${detail}`,
    nextStep: '加上 --help 再运行一次，可以看到示例。',
  }),
  cancelled: () => ({
    title: '已取消',
    cause: '操作在完成之前被停止，没有留下任何半成品。',
    nextStep: '您可以随时重新开始。',
  }),
  'run-too-long': ({ limitMs }) => ({
    title: '耗时过长',
    cause: `经过 ${formatDuration(limitMs, 'zh-CN')} 仍未完成，已被停止，没有留下任何半成品。`,
    nextStep: '请检查存放位置是否有响应、速度是否正常，然后重新开始。',
  }),
  'agent-gone': () => ({
    title: 'Holdfast 需要重新开始工作',
    cause: 'Holdfast 负责备份和恢复的部分意外结束，正在重新启动。',
    nextStep: '请稍等片刻，然后重试。',
  }),
  'place-missing': ({ place }) => ({
    title: '找不到存放位置',
    cause: `在 ${place} 没有找到任何内容。`,
    nextStep: '请接好磁盘或连接网络共享，或检查路径是否正确。',
  }),
  'place-not-connected': ({ place, label }) => ({
    title: '硬盘未连接',
    cause:
      label === null
        ? `存放 ${place} 备份副本的硬盘没有连接，也没有在别处写入任何内容。`
        : `存放 ${place} 备份副本的硬盘“${label}”没有连接，也没有在别处写入任何内容。`,
    nextStep: '请连接该硬盘，Holdfast 会自动找到它。',
  }),
  'place-unreachable': ({ place, detail }) => ({
    title: '无法连接存放位置',
    cause: `${place} 没有响应（${detail}）。`,
    nextStep: '请检查网线、网络以及对方电脑是否开机，然后重试。',
  }),
  'place-read-only': ({ place }) => ({
    title: '存放位置无法写入',
    cause: `Holdfast 可以读取 ${place}，但不能写入。`,
    nextStep: '请解除写保护，或为您的用户授予写入权限。',
  }),
  'place-full': ({ place, neededBytes }) => ({
    title: '存放位置已满',
    cause:
      neededBytes === undefined
        ? `${place} 已经没有剩余空间。`
        : `${place} 已经没有剩余空间，大约还需要 ${bytes(neededBytes)}。`,
    nextStep: '请在那里腾出空间、清理旧的恢复点，或者添加另一个存放位置。',
  }),
  'place-in-use': ({ place, detail }) => ({
    title: '该文件夹里有别的内容',
    cause: `${place} 不是空文件夹，里面也没有 Holdfast 的备份副本（${detail}）。`,
    nextStep: '请选择一个空文件夹，或让 Holdfast 在其中新建一个。',
  }),
  'place-in-source': ({ place, source }) => ({
    title: '存放位置在 CRM 数据里面',
    cause: `${place} 属于 ${source}，这样每次备份都会把之前的所有备份再存一遍。`,
    nextStep: '请选择 CRM 数据以外的位置，最好在另一块磁盘上。',
  }),
  'share-refused': ({ place, user }) => ({
    title: '网络共享拒绝了用户名或密码',
    cause:
      user === null
        ? `服务器不允许以来宾身份打开 ${place}。`
        : `服务器不接受用户 ${user} 的这个密码（${place}）。`,
    nextStep:
      user === null
        ? '请提供该共享的用户名和密码。'
        : '请检查用户名，并重新输入共享的密码；密码可能已被更改。',
  }),
  'share-password-needed': ({ place, user }) => ({
    title: '需要网络共享的密码',
    cause: `Holdfast 不知道用户 ${user} 访问 ${place} 的密码。`,
    nextStep: '请输入共享的密码，Holdfast 会把它保存在这台电脑的钥匙串中。',
  }),
  'share-missing': ({ place }) => ({
    title: '服务器上没有这个共享',
    cause: `服务器有响应，但没有 ${place} 中所写名称的共享。`,
    nextStep: '请检查共享的名称，也就是服务器名之后的部分。',
  }),
  'share-other-user': ({ place }) => ({
    title: '已经以其他用户身份连接',
    cause: `这台电脑已经以另一个用户连接到 ${place} 所在的服务器，而系统只允许一个用户。`,
    nextStep: '请断开与该服务器的其他连接，或者存放备份副本也使用那个用户。',
  }),
  'share-tool-missing': ({ place, needs }) => ({
    title: '这台电脑还不能连接网络共享',
    cause: `要连接 ${place}，Holdfast 需要 ${needs}，但没有找到。`,
    nextStep: '请安装它，或者自行连接该共享，然后把它作为文件夹选择。',
  }),
  'vault-missing': ({ place }) => ({
    title: '没有找到备份副本',
    cause: `${place} 可以访问，但里面没有 Holdfast 的备份副本。`,
    nextStep: '请确认磁盘和文件夹是否正确；如果是新的存放位置，请在那里创建备份副本。',
  }),
  'vault-other': ({ place }) => ({
    title: '那里是另一个备份副本',
    cause: `${place} 有 Holdfast 的备份副本，但不是预期的那一个。`,
    nextStep: '请连接正确的磁盘或网络共享，或检查路径。',
  }),
  'vault-exists': ({ place }) => ({
    title: '那里已有备份副本',
    cause: `${place} 已经有 Holdfast 的备份副本，我们没有改动它。`,
    nextStep: '请连接到该备份副本，或选择另一个文件夹。',
  }),
  'vault-newer': ({ place, version }) => ({
    title: '该备份副本由更新版本的 Holdfast 创建',
    cause: `${place} 的备份副本格式版本为 ${version}，当前的 Holdfast 还不认识。`,
    nextStep: '请更新这台电脑上的 Holdfast。',
  }),
  'vault-damaged': ({ place, objects }) => ({
    title: '备份副本已损坏',
    cause: `${place} 的备份副本有部分内容丢失或无法读取：${list(objects)}。`,
    nextStep: '请运行一次检查，查看哪些恢复点受到影响，并立即做一次完整备份。',
  }),
  'vault-wounded': ({ place, objects }) => ({
    title: '备份副本有部分损坏，但没有丢失任何数据',
    cause: `${place} 的以下部分丢失或与原来不同，但都有其他部分可以替代：${list(objects)}。`,
    nextStep: '请做一次完整备份；如果再次发生，请更换磁盘。',
  }),
  'vault-busy': ({ place, owner }) => ({
    title: '备份副本正在使用中',
    cause: `${owner} 此刻正在处理 ${place} 的备份副本。`,
    nextStep: '请等它完成；不需要手动解锁。',
  }),
  'vault-fenced': ({ place, owner }) => ({
    title: '另一台电脑已经接手',
    cause: `这台电脑长时间没有响应，${owner} 已接手 ${place} 的备份副本，因此本次运行不算数。`,
    nextStep: '请重新开始；如果经常发生，请让这台电脑在备份期间保持唤醒。',
  }),
  'key-needed': ({ place }) => ({
    title: '需要密码',
    cause: `${place} 的备份副本已加密，而目前没有可用的密码。`,
    nextStep: '请输入密码或恢复密钥。',
  }),
  'key-wrong': ({ place }) => ({
    title: '密码或恢复密钥不正确',
    cause: `输入的内容无法打开 ${place} 的备份副本。`,
    nextStep: '请注意大小写后重试；如果忘记了密码，请使用恢复密钥。',
  }),
  'recovery-key-mistyped': ({ groups }) => ({
    title: '恢复密钥输入有误',
    cause:
      groups.length === 0
        ? '恢复密钥不完整，或者各组不属于同一个密钥。'
        : `恢复密钥的第 ${groups.join('、')} 组有误。`,
    nextStep: '请对照打印的恢复资料进行更正。',
  }),
  'kit-forgotten': () => ({
    title: '现在只输入两组已经不够',
    cause: 'Holdfast 不保存恢复密钥，只能在密钥生成当天、程序一直运行时核对其中的几组。',
    nextStep: '请关闭此处，在首页输入完整的恢复密钥来确认恢复资料。',
  }),
  'object-missing': ({ object }) => ({
    title: '备份副本缺少一部分',
    cause: `备份副本中已经没有文件 ${object}。`,
    nextStep: '请运行一次检查，查看哪些恢复点受到影响，并立即做一次完整备份。',
  }),
  'object-damaged': ({ object, detail }) => ({
    title: '备份副本有一部分已损坏',
    cause: `文件 ${object} 与当初写入的内容不一致（${detail}）。`,
    nextStep: '请运行一次检查，查看哪些恢复点受到影响，并立即做一次完整备份。',
  }),
  'object-exists': ({ object }) => ({
    title: '备份副本中已有这一部分',
    cause: `文件 ${object} 已经存在，而备份副本中的内容从不会被覆盖。`,
    nextStep: '请重新开始；如果再次出现，请运行一次检查。',
  }),
  'blocked-by-other-program': ({ path }) => ({
    title: '被其他程序阻挡',
    cause: `其他程序（多半是杀毒软件）占用 ${path} 超过十秒。`,
    nextStep: '请在杀毒软件中排除该文件夹，或关闭该程序，然后重试。',
  }),
  'source-missing': ({ path }) => ({
    title: '找不到 CRM 数据',
    cause: `${path} 已经不在了。`,
    nextStep: '如果 CRM 已搬到别处，请选择新的文件夹；如果数据已丢失，请从备份副本恢复。',
  }),
  'source-unreadable': ({ path, detail }) => ({
    title: '无法读取 CRM 数据',
    cause: `${path} 无法读取（${detail}）。`,
    nextStep: '请确认您的用户有权读取该文件，并检查磁盘是否正常。',
  }),
  'source-busy': ({ path, detail }) => ({
    title: 'CRM 数据一直忙碌',
    cause: `CRM 没有让 ${path} 空闲足够长的时间，无法得到可靠的备份（${detail}）。`,
    nextStep: 'Holdfast 会在下一个时间点再试；如果现在就要备份，请先关闭 CRM 片刻。',
  }),
  'source-damaged': ({ path, detail }) => ({
    title: 'CRM 数据已损坏',
    cause: `数据库 ${path} 本身已损坏（${detail}）。`,
    nextStep: '请不要继续在 CRM 中工作；找到最近一个完好的恢复点并恢复。',
  }),
  'source-log-untrue': ({ path, pages }) => ({
    title: '有改动绕过了预写日志',
    cause: `${path} 中有 ${pages} 个数据页发生了变化，但数据库自己的日志没有记录；上次完整读取之后的备份可能缺少这些改动。`,
    nextStep: '本次备份已包含这些改动，今后每次都会完整读取该文件。请查明是哪个程序直接写入了它。',
  }),
  'source-unsupported': ({ path, detail }) => ({
    title: '这里不支持这类数据',
    cause: `${path} 无法用这种方式备份（${detail}）。`,
    nextStep: '请直接选择数据库文件，或在数据所在的电脑上运行 Holdfast。',
  }),
  'point-missing': ({ point }) => ({
    title: '找不到恢复点',
    cause: `这个备份副本中没有恢复点 ${point}。`,
    nextStep: '请从恢复点列表中选择一个。',
  }),
  'point-damaged': ({ point, objects }) => ({
    title: '恢复点已损坏',
    cause: `恢复点 ${point} 所需的部分内容丢失或损坏：${list(objects)}。`,
    nextStep:
      '请检查全部数据，然后选择未被列为受影响的恢复点：较早的完整备份，或其他存放位置的同一个恢复点。',
  }),
  'file-missing-in-point': ({ file, point }) => ({
    title: '该恢复点中没有这个文件',
    cause: `恢复点 ${point} 中没有文件 ${file}。`,
    nextStep: '请查看其中的内容后重新选择，或选择更早的恢复点。',
  }),
  'table-missing': ({ table }) => ({
    title: '找不到该数据表',
    cause: `这个数据库中没有数据表 ${table}。`,
    nextStep: '请从内容列表中选择一个数据表。',
  }),
  'rows-missing': ({ table, ids }) => ({
    title: '找不到记录',
    cause: `该恢复点的数据表 ${table} 中没有键值为 ${list(ids)} 的记录。`,
    nextStep: '请选择更早的恢复点，或检查键值。',
  }),
  'schema-differs': ({ table, detail }) => ({
    title: '数据表的结构已经改变',
    cause: `数据表 ${table} 现在的结构与恢复点中的不同（${detail}）。`,
    nextStep: '请把整个数据库恢复到一个文件夹，再从那里取回记录。',
  }),
  'target-in-use': ({ path, by, lock }) => ({
    title: '文件正在使用中',
    cause:
      by === null && lock !== undefined
        ? `${path} ${lockWords(lock, 'zh-CN')}。`
        : `${by ?? '另一个程序'} 正打开着 ${path}。`,
    nextStep:
      by === null && lock !== undefined
        ? `请在那里关闭 CRM；目前还没有改动任何内容。如果确实已没有人打开它，请删除锁定文件 ${lock.file}。`
        : '请关闭该程序；目前还没有改动任何内容。',
  }),
  'target-changed': ({ path }) => ({
    title: '此后已有新的改动',
    cause: `恢复之后 ${path} 又被写入过，撤销会丢失这些改动。`,
    nextStep: '确认无误后可以仍然撤销：当前状态会先保留下来。',
  }),
  'target-exists': ({ path }) => ({
    title: '那里已有内容',
    cause: `${path} 已经存在，没有被覆盖。`,
    nextStep: '请选择一个空文件夹或换一个名称。',
  }),
  'target-renamed': ({ path, name }) => ({
    title: '已用另一个名称恢复',
    cause: `这个磁盘上无法让 ${name} 与其他文件并存，因此它恢复为 ${path}。`,
    nextStep: '内容没有缺失。如果名称本身很重要，请恢复到另一个磁盘。',
  }),
  'target-refused': ({ path, detail }) => ({
    title: '无法恢复到那里',
    cause: `没有向 ${path} 写入任何内容：${detail}`,
    nextStep: '请选择本地磁盘上的另一个文件夹。',
  }),
  'target-full': ({ path, neededBytes, freeBytes }) => ({
    title: '恢复所需的空间不足',
    cause: `${path} 需要 ${bytes(neededBytes)}，但只剩 ${bytes(freeBytes)}。`,
    nextStep: '请腾出空间，或恢复到另一块磁盘上的文件夹。',
  }),
  'no-safety-point': ({ path, detail }) => ({
    title: '无法保留当前状态',
    cause: `没有办法保留 ${path} 的当前状态以供撤销（${detail}）。`,
    nextStep: '请腾出空间后重试，或明确选择在无法撤销的情况下继续。',
  }),
  'restore-differs': ({ path, detail }) => ({
    title: '恢复出来的数据不正确',
    cause: `恢复之后，${path} 与恢复点中的内容不一致（${detail}）。`,
    nextStep: '请撤销，运行一次检查，然后重新恢复。',
  }),
  'undo-missing': ({ run }) => ({
    title: '没有可以撤销的内容',
    cause: `这里没有恢复 ${run} 的记录，或者为撤销而保留的内容已经不在了。`,
    nextStep: '请改为选择那次恢复之前的恢复点。',
  }),
  'drill-failed': ({ point, detail }) => ({
    title: '恢复演练失败',
    cause: `试着恢复了恢复点 ${point}，结果不正确（${detail}）。`,
    nextStep: '请立即做一次完整备份，然后重新进行恢复演练。',
  }),
  'plan-missing': ({ plan }) => ({
    title: '找不到备份计划',
    cause: `这台电脑上没有备份计划 ${plan}。`,
    nextStep: '请从备份计划列表中选择，或连接到包含该计划的备份副本。',
  }),
  'plan-invalid': ({ plan, detail }) => ({
    title: '备份计划有误',
    cause: `备份计划 ${plan} 无法使用（${detail}）。`,
    nextStep: '请更正所指出的项目。',
  }),
  'action-failed': ({ phase, command, end, lines }) => ({
    title: phase === 'before' ? '备份前的命令失败' : '备份后的命令失败',
    cause: `${command}：${actionEndWords(end, 'zh-CN')}${lines === '' ? '' : `（${lines}）`}。`,
    nextStep:
      phase === 'before'
        ? '请手动运行该命令查看原因，在备份计划中更正，然后重新备份。'
        : '请立即检查它应启动的服务是否在运行，然后在备份计划中更正该命令。',
  }),
  'actions-not-agreed': ({ plan, commands }) => ({
    title: '命令等待您的同意',
    cause: `备份计划 ${plan} 带着命令来到这台电脑，这里还没有人同意运行：${list(commands)}。`,
    nextStep: `请先阅读。确认无误后运行：holdfast plan agree ${JSON.stringify(plan)}`,
  }),
  'prune-refused': ({ place, detail }) => ({
    title: '清理已暂缓',
    cause: `为安全起见，没有从 ${place} 删除任何内容（${detail}）。`,
    nextStep: '请运行一次检查；疑点消除后，清理会自动继续。',
  }),
};
