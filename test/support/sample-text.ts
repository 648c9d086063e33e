/**
 * What people write into a CRM: subjects and texts of calls, mails, meetings and tasks, built from phrases, names,
 * article numbers, prices and dates. The mixture is what makes the sample compress like a real database, about 2.5 : 1.
 */
import { makePhone, type Language } from './sample-names.ts';
import { freeWords } from './sample-words.ts';
import type { SeededRandom } from './seeded-random.ts';

const lines = (text: string): readonly string[] => text.trim().split(/\s*\n\s*/);

type Vocabulary = {
  readonly subjects: readonly string[];
  readonly openings: readonly string[];
  readonly matters: readonly string[];
  readonly judgements: readonly string[];
  readonly steps: readonly string[];
  readonly things: readonly string[];
  readonly weekdays: readonly string[];
};

const german: Vocabulary = {
  subjects: lines(`Rückfrage zum Angebot
    Liefertermin verschoben
    Wartungsvertrag verlängern
    Reklamation zur Lieferung
    Erstgespräch
    Preisliste zugesandt
    Zahlungserinnerung
    Termin vor Ort
    Muster angefordert
    Vertragsentwurf geprüft
    Einladung zur Hausmesse
    Adresse geändert`),
  openings: lines(`Telefonat geführt, Gesprächspartner war
    Auf der Messe kennengelernt:
    Rückruf erbeten von
    Mail erhalten von
    Kurzer Austausch auf dem Parkplatz mit
    Vertretung übernimmt ab sofort
    Im Betrieb besucht:
    Empfehlung kam durch
    Protokoll der Besprechung mit
    Nach drei Versuchen erreicht:`),
  matters: lines(`es ging um die Nachlieferung von
    bestellt werden sollen
    zurückgeschickt wurden
    gewünscht ist ein Nachlass auf
    die Rechnung enthält fälschlich
    der Wettbewerb bietet günstiger an:
    das Lager meldet noch
    angefragt wurde eine Sonderanfertigung,
    ausgetauscht werden müssen
    beim Transport beschädigt:
    für die Filiale vorgesehen sind
    im Rahmenvertrag fehlen bisher`),
  judgements: lines(`Entscheidung fällt erst nach der Urlaubszeit.
    Klingt ernsthaft interessiert, aber der Einkauf bremst.
    Die Buchhaltung besteht auf vierzehn Tagen Zahlungsziel.
    Stimmung gut, Budget ist freigegeben.
    Ärger wegen der verspäteten Spedition, bitte vorsichtig formulieren.
    Möchte künftig nur noch schriftlich kontaktiert werden.
    Geschäftsführer will das persönlich unterschreiben.
    Technisch geklärt, kaufmännisch noch offen.
    Hat schlechte Erfahrungen mit dem Vorgänger gemacht.
    Wünscht sich eine Schulung für sechs Mitarbeiter.`),
  steps: lines(`Wiedervorlage am
    Angebot nachfassen bis
    Techniker kommt am
    Unterlagen gehen raus am
    Nächstes Gespräch vereinbart für
    Rückmeldung versprochen bis
    Auslieferung eingeplant am
    Skonto gilt noch bis`),
  things: lines(`Förderbandrollen
    Türschließer
    Küchenarmaturen
    Dämmplatten
    Schaltschränke
    Büroleuchten
    Kühlaggregate
    Edelstahlbleche
    Dichtungsringe
    Regalböden
    Getriebemotoren
    Messfühler
    Markisenstoffe
    Hydraulikschläuche`),
  weekdays: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag'],
};

const english: Vocabulary = {
  subjects: lines(`Question about the quote
    Delivery moved
    Maintenance contract due
    Complaint about shipment
    First conversation
    Price list sent
    Payment reminder
    Site visit
    Samples requested
    Draft agreement reviewed`),
  openings: lines(`Spoke on the phone with
    Met at the trade fair:
    Call back requested by
    Letter received from
    Walked round the workshop with
    New purchasing lead is
    Referred to us by
    Minutes of the meeting with`),
  matters: lines(`they are waiting for
    they would like to order
    returned to our warehouse:
    asking for a rebate on
    the invoice wrongly lists
    a competitor undercuts us on
    stock is down to
    needs replacing before winter:
    damaged in transit:
    reserved for the new branch:`),
  judgements: lines(`No decision before the holidays.
    Keen, although purchasing is dragging its feet.
    Accounts insist on thirty days.
    Budget approved, good mood all round.
    Cross about the haulier, word this carefully.
    Prefers everything in writing from now on.
    The owner wants to sign this personally.
    Technically agreed, commercially open.`),
  steps: lines(`Follow up on
    Chase the quote by
    Engineer booked for
    Paperwork leaves on
    Next call arranged for
    Answer promised by
    Discount valid until`),
  things: lines(`conveyor rollers
    door closers
    mixer taps
    insulation boards
    control cabinets
    desk lamps
    cooling units
    steel sheets
    gasket rings
    gear motors
    awning fabric
    hydraulic hoses`),
  weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
};

const chinese: Vocabulary = {
  subjects: lines(`报价咨询
    交货日期调整
    维护合同续签
    货物投诉
    初次沟通
    已寄送价目表
    付款提醒
    现场拜访
    索取样品`),
  openings: lines(`电话沟通，联系人
    展会上认识：
    要求回电：
    收到邮件，来自
    陪同参观车间：
    由老客户介绍：`),
  matters: lines(`客户正在等待补发
    计划订购
    已退回仓库：
    希望给予折扣：
    发票上误列了
    运输途中损坏：
    新分店需要`),
  judgements: lines(`春节之后才能决定。
    很感兴趣，但采购部门比较谨慎。
    财务要求三十天账期。
    预算已经批准，气氛很好。
    对物流延误不满，措辞请注意。
    总经理要亲自签字。`),
  steps: lines(`下次跟进：
    报价截止：
    工程师上门时间：
    资料寄出：
    承诺答复日期：`),
  things: lines(`输送带滚筒
    闭门器
    厨房水龙头
    保温板
    配电柜
    办公灯具
    制冷机组
    不锈钢板
    密封圈`),
  weekdays: ['周一', '周二', '周三', '周四', '周五'],
};

const vocabularies: Readonly<Record<Language, Vocabulary>> = {
  de: german,
  en: english,
  zh: chinese,
};

/** A subject line, most with a reference number. */
export function makeSubject(random: SeededRandom, language: Language): string {
  const subject = random.pick(vocabularies[language].subjects);
  return random.chance(70) ? `${subject} ${makeReference(random)}` : subject;
}

const makeReference = (random: SeededRandom): string =>
  `${random.pick(['AB', 'RE', 'LS', 'AN', 'KD'])}-${random.between(2016, 2026)}-${random.between(10_000, 99_999)}`;

const makeArticle = (random: SeededRandom): string =>
  `${random.pick(['KX', 'TR', 'HV', 'SL', 'QM', 'ZB'])}${random.between(100, 9999)}.${random.between(10, 99)}`;

const makePrice = (random: SeededRandom): string =>
  `${random.between(11, 9800)},${String(random.below(100)).padStart(2, '0')} €`;

const makeDay = (random: SeededRandom): string =>
  `${random.between(1, 28)}.${random.between(1, 12)}.`;

function makeSentence(random: SeededRandom, language: Language): string {
  const words = vocabularies[language];
  switch (random.below(11)) {
    case 0:
      return random.pick(words.judgements);
    case 1:
      return `${random.pick(words.steps)} ${random.pick(words.weekdays)} ${makeDay(random)} ${random.between(7, 18)}:${random.between(10, 59)}.`;
    case 2:
      return `${random.pick(words.things)} ${makeArticle(random)}: ${makePrice(random)} (${makeReference(random)}).`;
    case 3:
      return `${random.pick(words.matters)} ${random.between(2, 480)} ${random.pick(words.things)} ${makeArticle(random)}.`;
    case 4:
      return makePastedSentence(random);
    default:
      return makeFreeSentence(random, language);
  }
}

/** Words in any order, numbers and slips of the pen: as hard to compress as what people really write. */
function makeFreeSentence(random: SeededRandom, language: Language): string {
  let text = random.pick(freeWords[language]);
  for (let left = random.between(4, 9); left > 0; left--) text += ` ${makeWord(random, language)}`;
  return `${text}.`;
}

function makeWord(random: SeededRandom, language: Language): string {
  const lot = random.below(100);
  if (lot < 18) return String(random.between(3, 99_999));
  const word = random.pick(freeWords[language]);
  if (lot >= 30 || word.length < 3) return word;
  const slip = random.between(1, word.length - 2);
  return word.slice(0, slip) + String.fromCharCode(97 + random.below(26)) + word.slice(slip + 1);
}

/** What is pasted from elsewhere: tracking numbers, links, telephone numbers. */
function makePastedSentence(random: SeededRandom): string {
  switch (random.below(3)) {
    case 0:
      return `https://portal.example/d/${random.token(32)}`;
    case 1:
      return `003404${random.between(10_000_000, 99_999_999)}${random.between(100_000, 999_999)}.`;
    default:
      return `Tel. ${makePhone(random, `0${random.between(30, 9999)}`)}.`;
  }
}

/** A text of `sentences` sentences, about 55 bytes each, that begins with whom it is about. */
export function makeText(
  random: SeededRandom,
  language: Language,
  about: string,
  sentences: number,
): string {
  let text = `${random.pick(vocabularies[language].openings)} ${about}.`;
  for (let index = 0; index < sentences; index++) text += ` ${makeSentence(random, language)}`;
  return text;
}
