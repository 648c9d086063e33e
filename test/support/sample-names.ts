/**
 * People, places and companies of the sample CRM: German with umlauts, English, French, Polish, Turkish and Chinese. All
 * are common names put together by chance; domains are reserved ones that belong to nobody.
 */
import type { SeededRandom } from './seeded-random.ts';

export type Language = 'de' | 'en' | 'zh';

export type Person = {
  readonly firstName: string;
  readonly lastName: string;
  /** What stands before the @: ASCII only. */
  readonly mailName: string;
  readonly language: Language;
};

export type Address = {
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly country: string;
  readonly phonePrefix: string;
};

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const germanFirst =
  words(`Anna Jürgen Käthe Björn Sören Günther Änne Zoë Matthias Sabine Uwe Heike Dörte Torsten Renate
  Kai Ulrike Jörg Mareike Holger Birgit Lukas Finn Leonie Emilia Rüdiger Gesa Henning Wiebke Volker Silke Bärbel Götz
  Jannis Frauke Eberhard Annegret Tjark Kerstin Norbert Ömer Aylin Mehmet Zeynep Agnieszka Paweł Łukasz Małgorzata
  Chloé René François Hélène Margarethe Konstantin Friederike Dietmar Roswitha Hartmut Isolde Valentin Nele Ruth`);
const germanLast =
  words(`Müller Schäfer Köhler Weiß Groß Böhm Krüger Jäger Schröder Lüders Hübner Vögele Bäcker Röttger
  Strauß Möller Kühn Thielemann Ahrens Petersen Brandt Lorenz Hagemann Wulff Reimers Petzold Dörfler Gräf Häußler
  Zöllner Yılmaz Öztürk Kowalski Wójcik Nowak Lefèvre Garnier Steinbrück Altmann Bergner Clausen Dahlke Eickhoff
  Feldmann Gerlach Hinrichs Isermann Jankowski Kaltenbach Lindemann Marquardt Niebuhr Oltmanns Pfeiffer Quast Rademacher
  Siebert Tiedemann Uhlig Vollmer Wittkowski Zander Overbeck Rütten Schlüter Fährmann Kämmerer Nölke Süßmuth`);
const englishFirst =
  words(`Oliver Amelia Harriet George Imogen Callum Rosie Duncan Fiona Graham Nadia Declan Siobhan
  Trevor Beatrix Angus Priya Rohan Naomi Elliot Martha Stuart Gemma Douglas Phoebe Rhys Carys Niall Maeve Edmund Winifred
  Leonard Tabitha Barnaby Rowena Alistair Jasmine Howard Verity Quentin`);
const englishLast =
  words(`Ashworth Bentley Carmichael Dunmore Ellison Fairbairn Goodwin Hargreaves Ingram Jennings Kirkby
  Lockwood Mercer Northcott Oakley Prescott Radcliffe Stanhope Thornbury Underhill Vaughan Whitaker Yardley Aldridge
  Blackwood Chatterjee Desai Everett Fitzroy Grimshaw Holloway Iqbal Kavanagh Lampard Mistry Nightingale O'Connor Penhale`);
const chineseFirst =
  words(`伟:Wei 芳:Fang 娜:Na 敏:Min 静:Jing 丽:Li 强:Qiang 磊:Lei 军:Jun 洋:Yang 勇:Yong 艳:Yan 杰:Jie 涛:Tao 明:Ming
  超:Chao 秀兰:Xiulan 霞:Xia 平:Ping 刚:Gang 桂英:Guiying 子轩:Zixuan 雨桐:Yutong 浩然:Haoran 欣怡:Xinyi 思远:Siyuan 佳琪:Jiaqi
  建国:Jianguo 晓东:Xiaodong 梦瑶:Mengyao 志强:Zhiqiang 春梅:Chunmei 文博:Wenbo 若曦:Ruoxi`);
const chineseLast =
  words(`王:Wang 李:Li 张:Zhang 刘:Liu 陈:Chen 杨:Yang 黄:Huang 赵:Zhao 吴:Wu 周:Zhou 徐:Xu 孙:Sun 马:Ma 朱:Zhu 胡:Hu 郭:Guo
  何:He 林:Lin 高:Gao 罗:Luo 郑:Zheng 梁:Liang 谢:Xie 宋:Song 唐:Tang 许:Xu 邓:Deng 韩:Han 冯:Feng 曹:Cao 欧阳:Ouyang 司马:Sima`);

const germanPlaces =
  words(`20095:Hamburg:040 28195:Bremen:0421 80331:München:089 50667:Köln:0221 40213:Düsseldorf:0211
  90402:Nürnberg:0911 48143:Münster:0251 37073:Göttingen:0551 23552:Lübeck:0451 97070:Würzburg:0931 89073:Ulm:0731
  72070:Tübingen:07071 66111:Saarbrücken:0681 49074:Osnabrück:0541 02826:Görlitz:03581 99084:Erfurt:0361 26122:Oldenburg:0441
  24937:Flensburg:0461 65183:Wiesbaden:0611 79098:Freiburg:0761 33602:Bielefeld:0521 06108:Halle:0345 01067:Dresden:0351`);
const germanStreets =
  words(`Hauptstraße Bahnhofstraße Gärtnerweg Mühlenweg Schloßallee Königstraße Am_Brückentor Lindenallee
  Rosenstraße Kirchgasse Industriestraße Brünner_Straße Hafenkai Größenweg Ziegelhüttenweg Postplatz Feldrain Sülzgürtel
  Alte_Landstraße Osterdeich Wallgraben Nordring Schützenstraße Färbergasse Töpferhof Weinbergstraße`);
const englishPlaces =
  words(`LS1:Leeds:0113 BS1:Bristol:0117 YO1:York:01904 EH1:Edinburgh:0131 CF10:Cardiff:029 NR2:Norwich:01603
  EX4:Exeter:01392 M2:Manchester:0161 G2:Glasgow:0141 PL1:Plymouth:01752 OX1:Oxford:01865 CB2:Cambridge:01223`);
const englishStreets =
  words(`High_Street Station_Road Mill_Lane Church_Row Queensway Albion_Terrace Market_Square Quay_Street
  Orchard_Close Foundry_Lane Abbey_Gardens Victoria_Parade Harbour_View Tannery_Yard Kiln_Road`);
const chinesePlaces =
  words(`200001:上海:021 100005:北京:010 510030:广州:020 518001:深圳:0755 310002:杭州:0571 210005:南京:025
  430014:武汉:027 610016:成都:028 710001:西安:029 215005:苏州:0512 266001:青岛:0532 361001:厦门:0592`);
const chineseStreets = words(
  '中山路 人民路 解放大道 建设街 和平里 长江路 南京西路 文化巷 科技园一路 滨河大道 新华街 东风路',
);

const companyCores =
  words(`Nordwind Elbtal Kastanie Silberbach Hanse Rautenberg Alpstein Küstenland Blaufuchs Steinadler Lindhof
  Mühlbach Falkenried Sonnentau Brückner Grünfeld Westhafen Ackermann Oberland Rheingold Harbourline Stonebridge Fenwick
  Larkfield Ironwood Greywell Marlowe Pennine Redcliff Tidewater 海风 东方 金桥 长城 华盛 启明 恒达 瑞丰 蓝天 新锐`);
const companyTrades =
  words(`Logistik Gebäudetechnik Maschinenbau Möbelwerkstatt Gartenbau Elektro Dachdeckerei Druckerei Medizintechnik
  Feinkost Getränkehandel Bürobedarf Kältetechnik Tiefbau Werbeagentur Steuerberatung Catering Foundry Packaging Surveying
  Dental Joinery Textiles Marine Electronics 贸易 电子 物流 建材 食品 纺织`);
const companyForms = words('GmbH AG KG OHG eG UG GmbH_&_Co._KG Ltd LLP plc S.à_r.l. 有限公司 集团');

const spaced = (text: string): string => text.replaceAll('_', ' ');

const asciiLetters: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ł: 'l',
  ı: 'i',
  "'": '',
};

const asciiOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[äöüßłı']/gu, (letter) => asciiLetters[letter] ?? '')
    .normalize('NFD')
    .replace(/[^a-z]/gu, '');

/** A person of the place's language. */
export function makePerson(random: SeededRandom, language: Language): Person {
  if (language === 'zh') return makeChinesePerson(random);
  const firstName = random.pick(language === 'de' ? germanFirst : englishFirst);
  const lastName = random.pick(language === 'de' ? germanLast : englishLast);
  return { firstName, lastName, language, mailName: `${asciiOf(firstName)}.${asciiOf(lastName)}` };
}

function makeChinesePerson(random: SeededRandom): Person {
  const [firstName = '', firstLatin = ''] = random.pick(chineseFirst).split(':');
  const [lastName = '', lastLatin = ''] = random.pick(chineseLast).split(':');
  const mailName = `${lastLatin}.${firstLatin}`.toLowerCase();
  return { firstName, lastName, language: 'zh', mailName };
}

/** A street address with the dialling code of its city. */
export function makeAddress(random: SeededRandom, language: Language): Address {
  const [places, streets, country, code] = addressParts[language];
  const [postcode = '', city = '', area = ''] = random.pick(places).split(':');
  const street = spaced(random.pick(streets));
  const number = random.between(1, 240);
  return {
    street:
      language === 'de'
        ? `${street} ${number}`
        : language === 'zh'
          ? `${street}${number}号`
          : `${number} ${street}`,
    postcode,
    city,
    country,
    phonePrefix: `${code} ${area.replace(/^0/, '')}`,
  };
}

const addressParts = {
  de: [germanPlaces, germanStreets, 'DE', '+49'],
  en: [englishPlaces, englishStreets, 'GB', '+44'],
  zh: [chinesePlaces, chineseStreets, 'CN', '+86'],
} as const;

/** Out of ten: seven German, two English, one Chinese. */
export const pickLanguage = (random: SeededRandom): Language => {
  const tenth = random.below(10);
  return tenth < 7 ? 'de' : tenth < 9 ? 'en' : 'zh';
};

export const makeCompanyName = (random: SeededRandom): string =>
  `${random.pick(companyCores)} ${random.pick(companyTrades)} ${spaced(random.pick(companyForms))}`;

export const makePhone = (random: SeededRandom, prefix: string): string =>
  `${prefix} ${random.between(200, 999)}${random.between(1000, 9999)}`;
