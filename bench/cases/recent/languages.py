"""Danish, Norwegian, Slovak, Bulgarian, Thai, Hebrew, Croatian."""

from cases.case import Case
from cases.languages import Spoken, spoken
from cases.scene import Scene

SERVICES = (
    Spoken(
        "da",
        "$sql bestilling $int[10000,99999]: ",
        "modtaget, $int[1,9] varer",
        "kunne ikke gemmes: forbindelsen til databasen mislykkedes",
        "kvittering sendt til kunden",
        45,
        Scene(""),
    ),
    Spoken(
        "nb",
        "$comma billett.tjeneste: ",
        "billett $int[1000,99999] utstedt til sone $int[1,9]",
        "feil ved utstedelse av billett $int[1000,99999]: tidsavbrudd mot betaling",
        "billett $int[1000,99999] lagt i lommeboken",
        50,
        Scene("", weight=30, minutes=8),
    ),
    Spoken(
        "sk",
        "$time[%d.%m.%Y %H:%M:%S] [sklad] ",
        "zásielka $int[1000,99999] odovzdaná kuriérovi $int[1,9]",
        "zásielku $int[1000,99999] sa nepodarilo odovzdať: služba je nedostupná",
        "zásielka $int[1000,99999] odvážená, $int[1,30] kg",
        40,
        Scene("", rate=220, weight=20),
    ),
    Spoken(
        "bg",
        "$sql плащане ",
        "№ $int[1000,99999] потвърдено, сума $int[5,900] лв",
        "№ $int[1000,99999] неуспешно: грешка при връзка с банката",
        "№ $int[1000,99999] добавено към отчета",
        50,
        Scene("", rate=120),
    ),
    Spoken(
        "th",
        "$time[%Y-%m-%d %H:%M:%S] คำสั่งซื้อ $int[1000,99999] ",
        "บันทึกเรียบร้อย จำนวน $int[1,9] รายการ",
        "บันทึกไม่สำเร็จ: เชื่อมต่อฐานข้อมูลไม่ได้",
        "ส่งใบเสร็จให้ลูกค้าแล้ว",
        50,
        Scene("", minutes=12, rate=100),
    ),
    Spoken(
        "he",
        "$sql [הזמנות] ",
        "הזמנה $int[1000,99999] התקבלה, $int[1,9] פריטים",
        "הזמנה $int[1000,99999] נכשלה: שגיאה בחיבור למסד הנתונים",
        "הזמנה $int[1000,99999] נשלחה לאריזה",
        45,
        Scene("", pods=(4, 2), weight=35),
    ),
    Spoken(
        "hr",
        "$iso rezervacija=$int[1000,9999] ",
        "soba $int[1,400] potvrđena",
        "greška: soba $int[1,400] nije potvrđena, poslužitelj ne odgovara",
        "gost obaviješten porukom",
        55,
        Scene("", weight=50, rate=180),
    ),
)

CASES: tuple[Case, ...] = tuple(case for service in SERVICES for case in spoken(service, "tuned"))
