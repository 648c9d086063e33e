/** Everyday words of the sample CRM's free text. Enough of them that the text does not compress better than people's. */
import type { Language } from './sample-names.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const freeWords: Readonly<Record<Language, readonly string[]>> = {
  de: words(`aber Abholung Ablage abgelehnt abstimmen Abteilung achtzig allerdings alte Änderung Anfang Anfrage angeblich
    angenehm Anhang Anlage Anlieferung anrufen Ansprechpartner Antwort anzahlen Arbeitstag auch aufgebaut Aufmaß Auftrag
    ausgefallen Ausschreibung außerdem Ausstellung Baustelle beauftragt bedingt beide Beispiel Bemerkung benötigt Beratung bereits
    berechnet beschäftigt Besichtigung besonders besser bestätigt Bestellung Betrag Betriebsrat bewährt bezahlt bisher bitte
    Bohrung Brandschutz brauchbar Brief Büro Chef dahin danach dankbar darum Datenblatt dauert defekt demnächst derzeit deshalb
    deutlich dicht dringend dritte Drucker durch Durchwahl ebenfalls echt eher eigentlich eilig Einbau eindeutig einfach
    Einkäufer einverstanden einzeln Elektriker Empfang endgültig Entwurf erfreut Ergebnis erledigt erneut erst Ersatzteil
    erweitern etwa Etage extra fachlich Fahrer fällig falsch Farbe fast fehlerhaft Fenster fertig fest Filiale Firma Flur
    Folge Formular Frachtkosten frei Freigabe fremd freundlich Frist früher fünfzehn für Garantie gebraucht geduldig gefällt
    Gegenangebot gehört gelegentlich gemeinsam genau geplant gerade Gerät geschlossen gesendet gestern getrennt Gewährleistung
    gleich Grundriss gültig günstig Gutschrift halbe Halle Handbuch Hausmeister heute hier Hinweis hinten hoch höflich immer Inhaber
    innerhalb insgesamt Installation inzwischen irgendwie jährlich jedoch jemand jetzt Jubiläum kaputt Karton kaum Kennwort
    klären Kleinteile knapp Kollege Konditionen Konto Kopie kostenlos Kratzer kräftig Kunde kurzfristig Ladung lange langsam
    Lastwagen laut Lehrling leider Leihgerät letzte Lieferschein links Liste locker lose Mahnung manchmal Maß Maschine
    Mehrwertsteuer meistens Menge messen mindestens Mitte Modell möglich Monteur morgen müde nachher nachmittags nächste
    nebenan netto neulich nicht niemals nochmals normal Notiz nötig Nutzung oben oder öffnen offenbar ohne Öl ordentlich
    Palette passend Pause peinlich persönlich Pfand pünktlich Probe Projekt Prospekt prüfen quer Rabatt Rampe rasch
    Rechnungsadresse rechtzeitig Regal Reinigung Reparatur restlich richtig Rohr Rückgabe rund Saison sauber schade Schicht
    schließlich Schlüssel schnell Schraube schriftlich schwierig sechs sehr seit selten senden sicher Sitzung sofort solange
    sonst sorgfältig spät Spedition Stapler statt Steckdose stellenweise Storno Strom Stückzahl stumpf tagsüber täglich Tarif
    teilweise teuer Tisch trotzdem Tür über überwiesen üblich umgehend umsonst Umzug unbedingt undicht ungefähr unklar
    unten unterwegs Unterschrift Urlaub ursprünglich Vereinbarung vergessen Verkauf Verpackung verschieden Versand verständlich
    vertraulich Verzug vielleicht vierzig vollständig vorab vorher Vorkasse vorn vorsichtig während wahrscheinlich Ware
    warten weder wegen weiterhin wenig werktags Werkzeug wichtig wieder wirklich woanders wöchentlich zahlen Zeichnung
    ziemlich Zimmer zögerlich Zubehör zuerst zufrieden zugesagt zuletzt zurück zusammen zuständig zuverlässig zwanzig zwischen`),
  en: words(`about absent account across actually address advance after again agreed ahead almost already amount annual another
    answer anyway apart appointment approve around assembly attach available average awkward badly balance basement because
    before behind below better between bolt borrow bracket branch brief broken brochure budget builder busy cable cancel
    careful carton ceiling certain change charge cheaper clear clerk colour combine complete concern confirm consider contract
    copy corner correct counter courier cover credit damage deadline decide deliver deposit depth detail different discuss
    distance door double doubt drawing driver duplicate early easily eighty electrician eleven empty engine enough entrance
    equipment estimate exactly except expected extra factory failure fairly fault figure finally finish fitting fixed floor
    follow foreman forgot forty freight frequent friendly further garage general glass grateful ground guarantee half handle
    happy hardly heavy height holiday however immediate include indeed inside inspect install instead invoice item keen kitchen
    label ladder large lately later lead leak least length letter level likely limit list little loading local loose machine
    mainly manual margin material maybe measure member mention middle minimum minor mistake modest monthly morning motor
    narrow nearly neither normal nothing notice number obvious office often order original otherwise outside overdue owner
    packing paint pallet paper partly patient pending perhaps permit phone piece plain planning please plumber pointed polite
    possible postpone premium prepare price probably process project promise prompt proper public quarter queue quick quiet
    quote rarely rather reason receipt recent refund regular reliable remain remote repair repeat replace request return
    rough rubber safety sample scratch screw season second secure separate serial seventy several shelf shift short
    signature simple sixteen slightly slowly socket somehow soon spare special spring staff stairs standard stock storage
    straight strict subject sudden supply surely switch tender terms therefore thick though tight together tomorrow
    tool total toward trade transfer trial truck twelve twice under unless until update upstairs urgent useful usually valid
    valve various vehicle verify visit voucher waiting warehouse warranty weekly weight whether width window wiring within
    without wooden workshop worth yellow yesterday`),
  zh: words(`安排 报价 备注 本周 变更 标准 采购 仓库 测试 产品 成本 出货 处理 催款 打样 大概 代理 到期 地址 订单 定金 短缺 对账 发票 反馈 方案
    费用 分期 付款 改期 更换 工期 公司 供应 规格 合同 核对 后天 回复 货款 加急 价格 检查 交期 结算 紧急 经理 经销 客户 库存 快递 款项 来访 联系
    零件 领导 流程 满意 每月 明天 目前 农历 年底 盘点 配件 批次 品牌 评估 期限 签字 清单 确认 任务 日期 商量 上午 设备 申请 审批 生产 市场 试用
    收货 售后 数量 税率 送货 随后 缩短 提前 调整 通知 退货 推迟 完成 网点 维修 尾款 问题 下单 下午 现场 线路 销售 协议 新款 型号 需要 询价
    验收 样品 业务 已经 意见 银行 优惠 预付 原因 运费 暂时 展厅 账期 折扣 正在 支付 质量 中午 周末 主管 装箱 资料 总部 最后`),
};
