"""Words that a question and an answer use for one another: "discovered" and "found"."""

from __future__ import annotations

from functools import lru_cache

from rag.language.terms import stem
from rag.quoting.selection.reading import same

# Each line is a group whose words may stand for one another where one thing is spoken of. They
# are the words of reports: deaths, money, offices, trials, votes, work, weather, travel.
_GROUPS = """
find discover unearth locate detect recover uncover discovery
die kill death dead drown perish victim fatal fatality casualty toll lives
hurt injure injury wound bruise harm casualty broken treat
steal theft take rob robbery thief loot
treasure hoard find haul
catch arrest detain capture custody seize
accuse charge indict suspect allege blame fault
jail prison imprison sentence convict
inquiry investigation investigate investigator probe inquest
lead head run direct chair govern command charge manage responsible led
leader head chief director governor chairman chairwoman chair president boss manager
evacuate leave flee remove rescue
resident inhabitant people population citizen live person
house home household dwelling
big large great size
small little tiny
cost price expensive pay worth value sum expense bill
earn pay wage salary income
buy purchase acquire acquisition bid takeover bought
merge merger takeover union
sell sale sold
spend invest pay fund finance spent
fund finance grant subsidy aid
job post work employ hire worker employee staff workforce position
dismiss sack fire lay
strike walkout stoppage
profit gain earnings surplus
loss deficit lose
debt loan owe borrow
rise increase grow climb raise lift growth
fall decrease decline drop shrink cut lower reduce
begin start open launch commence
end finish complete conclude close
open opening inaugurate
delay postpone late put
cancel scrap drop abandon
build construct erect construction built
design architect draw plan
destroy demolish ruin wreck damage
repair mend restore fix
replace substitute successor
make produce manufacture yield output production
annual yearly year
month monthly
week weekly
vote ballot poll turnout elect
voter electorate turnout vote electoral
election vote poll
win victory beat winner won defeat
lose defeat beaten
majority seat
party bloc
law bill act legislation statute rule
forbid ban prohibit outlaw
allow permit let authorise authorize
permit licence license permission
require must oblige demand
demand want call ask insist
propose suggest recommend proposal recommendation urge
promise pledge vow commit
agree accept approve consent deal
refuse reject decline deny
resign quit step
appoint name choose nominate
announce say declare tell reveal
think believe consider opinion view
describe call
warn warning alarm alert caution
complain complaint criticise criticize object protest
opponent oppose against objection critic
supporter support favour favor back
reason because cause why due
cause trigger make
carry transport bring ship
passenger traveller traveler aboard board
ship ferry boat vessel
crash accident collision disaster
flood disaster inundate water
storm gale hurricane
illness disease sick infection outbreak
case patient infect
doctor physician
hospital clinic
school college
pupil student
train rail railway
railwayman railway rail railwaymen
car vehicle
plane aircraft jet
company firm business corporation
owner own belong
founder found establish
factory plant works
mine pit shaft
worker labourer miner
power electricity current energy
heat heating
money cash currency
percentage percent share proportion fraction
average mean
contain hold include comprise
consist comprise
weigh weight
measure length
spectator crowd attendance attend audience
team side club
player footballer midfielder striker
coach trainer manager
goal score
match game final
prize award win
book novel
author writer novelist
film movie
song music
speech address
newspaper paper
statement comment remark say
report survey study review
count census number
figure number sum
confess admit
accomplice partner
guilty convict
child baby infant kid
woman female
man male
wife husband
marry marriage wed
birth born bear
come arrive arrival reach
leave depart departure
return back
stay remain keep
happen occur
meet meeting summit
visit trip tour
attack assault raid
soldier troop army military
war conflict
peace truce ceasefire
weapon arms
country nation
village settlement
border frontier
river stream
hill mountain
forest wood
animal beast
shoot shot kill hunt
price inflation
compensation compensate damages
tax levy duty
fine penalty
budget spending
pension retirement
mistake error wrong
correct correction right
disband dissolve
dissolve end
move transfer relocate
""".strip().splitlines()


def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _GROUPS:
        group = {same(stem(word)) for word in line.split()}
        for term in group:
            table.setdefault(term, set()).update(group - {term})
    return {term: frozenset(others) for term, others in table.items()}


@lru_cache(maxsize=1)
def _meanings() -> dict[str, frozenset[str]]:
    return _table()


def meanings(term: str) -> frozenset[str]:
    """The terms that may stand for a term, itself left out; none for most."""
    return _meanings().get(term, frozenset())
