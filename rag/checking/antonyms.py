"""Words of news English that say the opposite of each other."""

from __future__ import annotations

from functools import lru_cache

from rag.language.terms import stem

# One pair a slot, base forms; "a/b c" means that a is opposed to b and to c.
_PAIRS = """
rise/fall drop decline sink plunge tumble dip slump slide decrease lower descend
increase/decrease reduce decline fall drop lower cut diminish lessen shrink
grow/shrink contract fall decline decrease diminish dwindle
gain/lose loss fall drop
climb/fall drop slide descend tumble
soar/plunge plummet slump tumble crash
surge/plunge slump plummet drop collapse
jump/drop fall plunge tumble
up/down
upward/downward
higher/lower
high/low
highest/lowest
raise/lower cut reduce drop
expand/contract shrink reduce narrow
widen/narrow
boom/bust slump
rally/slump retreat slide
upturn/downturn
upgrade/downgrade
upside/downside
inflation/deflation
accelerate/slow decelerate
quicken/slow
fast/slow
faster/slower
quick/slow
quickly/slowly
rapid/slow gradual
rapidly/slowly gradually
strengthen/weaken undermine
strong/weak
stronger/weaker
strongest/weakest
strength/weakness
improve/worsen deteriorate decline
improvement/deterioration decline
better/worse
best/worst
good/bad evil poor
positive/negative
negatively/positively
optimistic/pessimistic
optimism/pessimism
bullish/bearish
hope/fear despair
hopeful/fearful hopeless
win/lose loss defeat
winner/loser
victory/defeat loss
victor/loser
triumph/defeat failure
beat/lose
success/failure
successful/unsuccessful failed
successfully/unsuccessfully
succeed/fail
pass/fail reject
approve/reject disapprove refuse deny veto block
approval/rejection disapproval refusal
accept/reject refuse decline deny
acceptance/rejection refusal
adopt/reject abandon
agree/disagree refuse
agreement/disagreement dispute
back/oppose
support/oppose reject
supporter/opponent critic
supportive/critical opposed
favor/oppose
favour/oppose
favorable/unfavorable
endorse/oppose reject condemn
ally/enemy rival foe adversary opponent
friend/enemy foe
friendly/hostile unfriendly
partner/rival opponent
proponent/opponent critic
advocate/opponent critic oppose
praise/criticize criticise condemn blame denounce
welcome/condemn reject deplore
admire/despise
love/hate
like/dislike
allow/ban forbid prohibit prevent block bar deny refuse
permit/ban forbid prohibit bar
legal/illegal
legalize/ban outlaw criminalize
lawful/unlawful
allowed/banned barred
grant/deny refuse revoke
confirm/deny refute
admit/deny
acknowledge/deny
affirm/deny
uphold/overturn reverse strike
convict/acquit clear
conviction/acquittal
guilty/innocent
guilt/innocence
arrest/release free
detain/release free
imprison/release free
jail/free release
capture/release free
hold/release
charge/clear exonerate
prosecution/defense defence
prosecutor/defendant
plaintiff/defendant
accuse/defend clear exonerate
accuser/accused
victim/perpetrator attacker
attack/defend
attacker/defender victim
offense/defense
offensive/defensive
aggressive/peaceful defensive
war/peace
peaceful/violent
violence/peace
invade/withdraw
advance/retreat withdraw
deploy/withdraw
arrive/depart leave
arrival/departure
come/go leave
enter/leave exit
entry/exit
entrance/exit
join/leave quit
stay/leave go
remain/leave
return/leave depart
open/close shut
opened/closed shut
opening/closing closure
start/end stop finish
begin/end finish stop
beginning/end
launch/end cancel scrap
initiate/terminate end
commence/conclude
continue/stop end halt cease discontinue
resume/suspend halt stop pause
early/late
earlier/later
earliest/latest
first/last
former/current latter
previous/next following
past/future
before/after
prior/subsequent
previously/subsequently
old/new young
older/younger newer
oldest/youngest newest
ancient/modern
modern/traditional outdated
young/elderly old
temporary/permanent
temporarily/permanently
always/never
often/rarely seldom
frequently/rarely seldom infrequently
frequent/rare infrequent
common/rare uncommon
commonly/rarely
usual/unusual
usually/rarely
more/less fewer
most/least fewest
many/few
majority/minority
maximum/minimum
maximize/minimize
maximise/minimise
all/none
everyone/nobody
everything/nothing
full/empty partial
whole/partial
completely/partially partly
complete/incomplete partial
entirely/partly partially
big/small little
bigger/smaller
biggest/smallest
large/small little
larger/smaller
largest/smallest
great/small terrible
huge/tiny
major/minor
long/short
longer/shorter
longest/shortest
tall/short
wide/narrow
broad/narrow
thick/thin
heavy/light
deep/shallow
hot/cold
warm/cool cold
hotter/colder
warmer/cooler colder
wet/dry
hard/easy soft
difficult/easy simple
difficulty/ease
harder/easier
complex/simple
complicated/simple
tough/easy lenient
tight/loose
tighten/loosen ease relax
strict/lax lenient
rich/poor
wealthy/poor
wealth/poverty
richer/poorer
expensive/cheap
cheaper/costlier pricier
costly/cheap
profit/loss
profitable/unprofitable
profitably/unprofitably
surplus/deficit shortage
asset/liability
buy/sell
buyer/seller
purchase/sell sale
sale/purchase
import/export
importer/exporter
supply/demand
borrow/lend repay
lender/borrower
debtor/creditor
invest/divest
deposit/withdraw withdrawal
earn/spend lose
save/spend waste
income/expense spending
credit/debit
pay/owe
hire/fire dismiss
employ/dismiss
employer/employee
employment/unemployment
employed/unemployed
appoint/dismiss remove oust
promote/demote
promotion/demotion relegation
resign/stay
retain/dismiss lose release
keep/lose discard
give/take receive
send/receive
offer/refuse
lead/follow trail
leader/follower
ahead/behind
above/below
over/under
top/bottom
inside/outside
within/outside
internal/external
inner/outer
indoor/outdoor
indoors/outdoors
front/back rear
forward/backward back
near/far
nearby/distant
close/distant far
closer/farther further
local/foreign national global
domestic/foreign international
north/south
northern/southern
east/west
eastern/western
northeast/southwest
northwest/southeast
left/right
urban/rural
city/countryside
public/private
publicly/privately
secret/public open
secretly/openly publicly
hidden/visible
transparent/opaque
transparency/secrecy
official/unofficial
formal/informal
formally/informally
democrat/republican
democratic/authoritarian
democracy/dictatorship
liberal/conservative
progressive/conservative
government/opposition
incumbent/challenger
military/civilian
professional/amateur
male/female
man/woman
men/women
boy/girl
father/mother
son/daughter
brother/sister
husband/wife
parent/child
king/queen
actor/actress
live/die
alive/dead
life/death
living/dead
birth/death
born/died
survive/die perish
survivor/casualty
kill/save rescue spare
healthy/sick ill unhealthy
health/illness sickness
well/badly ill poorly
cure/harm
recover/worsen deteriorate
recovery/relapse decline
safe/dangerous unsafe
safely/dangerously
safety/danger
safer/riskier
secure/insecure vulnerable
protect/harm endanger expose
harmful/harmless
harmless/dangerous
build/destroy demolish
construct/destroy demolish
construction/demolition destruction
create/destroy
creation/destruction
repair/damage
fix/break
establish/abolish
introduce/scrap abolish remove
impose/lift remove
enforce/lift
add/remove subtract
addition/removal
include/exclude omit
inclusion/exclusion
attach/detach
connect/disconnect
link/separate
unite/divide
united/divided
unity/division
together/apart
merge/split separate
merger/split
combine/separate
marry/divorce
marriage/divorce
collect/scatter
gather/disperse
assemble/disassemble disperse
attract/repel
encourage/discourage deter
incentive/deterrent disincentive
help/hinder hurt harm
aid/hinder
assist/hinder
benefit/harm hurt damage
beneficial/harmful
advantage/disadvantage
pro/con
boost/hurt reduce dampen
promote/hinder
enable/disable prevent
facilitate/hinder
cause/prevent
trigger/prevent
avoid/face
true/false untrue
truth/lie falsehood
truthful/dishonest
honest/dishonest
honestly/dishonestly
real/fake false
genuine/fake
authentic/fake
accurate/inaccurate
accurately/inaccurately
correct/incorrect wrong
correctly/incorrectly wrongly
right/wrong
certain/uncertain
certainty/uncertainty
certainly/hardly
sure/unsure
clear/unclear vague
clearly/vaguely
likely/unlikely
possible/impossible
probable/improbable
able/unable
ability/inability
capable/incapable
effective/ineffective
efficient/inefficient
important/unimportant trivial
significant/insignificant
significantly/slightly marginally
sharply/slightly gradually
substantially/slightly
dramatically/slightly
necessary/unnecessary
essential/unnecessary optional
mandatory/optional voluntary
compulsory/voluntary optional
voluntarily/forcibly
voluntary/forced involuntary
fair/unfair
fairly/unfairly
just/unjust
justice/injustice
equal/unequal
equality/inequality
balanced/unbalanced
stable/unstable volatile
stability/instability volatility
steady/unsteady volatile
calm/turbulent tense
order/chaos disorder
reliable/unreliable
responsible/irresponsible
rational/irrational
popular/unpopular
popularity/unpopularity
famous/unknown obscure
known/unknown
familiar/unfamiliar
expected/unexpected
expectedly/unexpectedly
predictable/unpredictable
surprising/unsurprising
satisfied/dissatisfied unsatisfied
satisfaction/dissatisfaction
happy/unhappy sad
happily/unhappily sadly
happiness/sadness
pleased/angry displeased
pleasant/unpleasant
comfortable/uncomfortable
proud/ashamed
pride/shame
confident/unsure doubtful
confidence/doubt
trust/distrust mistrust
believe/doubt disbelieve
belief/disbelief
brave/cowardly
calmly/angrily
patient/impatient
polite/rude
kind/cruel
generous/stingy
careful/careless
carefully/carelessly
cautious/reckless
experienced/inexperienced
qualified/unqualified
smart/stupid
clever/stupid
wise/foolish
intelligent/stupid
beautiful/ugly
clean/dirty
bright/dark dim
light/dark
day/night
daytime/nighttime
morning/evening
sunrise/sunset
summer/winter
spring/autumn
loud/quiet
noisy/quiet
loudly/quietly
busy/idle quiet
active/inactive passive
actively/passively
dynamic/static
aware/unaware
awake/asleep
conscious/unconscious
present/absent
presence/absence
attend/skip miss
attendance/absence
available/unavailable
accessible/inaccessible
visible/invisible
appear/disappear vanish
appearance/disappearance
emerge/disappear
reveal/conceal hide
disclose/conceal hide
expose/conceal hide cover
show/hide
publish/withhold
remember/forget
learn/forget
find/lose
discover/lose
catch/miss
hit/miss
push/pull
lift/lower drop
load/unload
lock/unlock
fasten/unfasten
cover/uncover
fill/empty
inhale/exhale
float/sink
ascend/descend
ascent/descent
depart/arrive
departing/arriving
above-average/below-average
ask/answer
question/answer
teacher/student pupil
doctor/patient
landlord/tenant
host/guest
home/away
upstream/downstream
upstairs/downstairs
online/offline
wireless/wired
digital/analog physical
manual/automatic
natural/artificial
raw/cooked processed
fresh/stale
sweet/bitter sour
sharp/blunt dull
smooth/rough
solid/liquid hollow
straight/crooked curved
tough/tender
vertical/horizontal
major/minor
upper/lower
superior/inferior
senior/junior
master/apprentice
lengthen/shorten
extend/shorten curtail
prolong/shorten
delay/hasten expedite accelerate
postpone/advance
hasten/delay
increasingly/decreasingly
overestimate/underestimate
overvalue/undervalue
overvalued/undervalued
outperform/underperform
overpriced/underpriced
understate/overstate exaggerate
win/draw
score/concede
attacking/defending
offence/defence
progress/regress setback
breakthrough/setback
development/decline
abundant/scarce
abundance/scarcity shortage
plenty/shortage
glut/shortage
sufficient/insufficient
adequate/inadequate
enough/insufficient
excess/shortage lack
have/lack
presence/lack
obey/disobey defy
comply/defy violate
honor/violate dishonor
honour/violate
follow/ignore violate
respect/disrespect
loyal/disloyal
loyalty/betrayal
faithful/unfaithful
forgive/blame punish
reward/punish penalize
punishment/reward
penalty/reward
gain/loss
heaven/hell
hero/villain
ceasefire/offensive
truce/war
escalate/de-escalate ease
escalation/de-escalation
intensify/ease subside
worsening/improving
tension/calm
aboard/ashore
majority/fraction
with/without
for/against
against/alongside
toward/away
towards/away
into/from
on/off
in/out
from/to
in-person/remote
elected/defeated unelected
re-elected/defeated
enrich/impoverish
inflate/deflate
overweight/underweight
same/different
similar/different dissimilar
similarly/differently
similarity/difference
alike/different
unique/common
ordinary/extraordinary
normal/abnormal
regular/irregular
typical/atypical
general/specific
specific/vague
single/married multiple
simple/complicated
alone/together
individual/collective
independent/dependent
independence/dependence
free/captive
freedom/captivity oppression
innocent/culpable
sober/drunk
"""

_IRREGULAR = {
    form: base
    for base, forms in {
        "rise": "rose risen",
        "fall": "fell fallen",
        "grow": "grew grown",
        "shrink": "shrank shrunk shrunken",
        "sink": "sank sunk",
        "win": "won winning",
        "lose": "lost losing",
        "beat": "beaten",
        "buy": "bought",
        "sell": "sold",
        "begin": "began begun beginning",
        "leave": "left leaving",
        "come": "came",
        "go": "went gone goes",
        "keep": "kept",
        "hold": "held",
        "build": "built",
        "break": "broke broken",
        "give": "gave given",
        "take": "took taken",
        "send": "sent",
        "spend": "spent",
        "lend": "lent",
        "pay": "paid",
        "find": "found",
        "catch": "caught",
        "teach": "taught",
        "lead": "led",
        "forget": "forgot forgotten",
        "forgive": "forgave forgiven",
        "forbid": "forbade forbidden",
        "hide": "hid hidden",
        "show": "shown",
        "uphold": "upheld",
        "withhold": "withheld",
        "withdraw": "withdrew withdrawn",
        "overturn": "overturned",
        "die": "died dying dies",
        "have": "has had having",
        "quit": "quitting",
        "shut": "shutting",
        "cut": "cutting cuts",
        "ban": "banned banning bans",
        "bar": "barred barring bars",
        "drop": "dropped dropping drops",
        "dip": "dipped dipping dips",
        "deny": "denied denies denying",
        "supply": "supplied supplies",
        "ally": "allied allies",
        "enemy": "enemies",
        "victory": "victories",
        "lie": "lied lies lying",
        "tie": "tied ties",
        "man": "men",
        "woman": "women",
        "child": "children",
        "wife": "wives",
        "life": "lives",
        "understate": "understated",
        "good": "",
    }.items()
    for form in forms.split()
}
# Prefixes that turn a word into its opposite.
_TURNING = ("un", "in", "im", "il", "ir", "dis", "non", "non-", "de", "mis", "anti", "anti-")
_SHORTEST_TURNED = 4  # letters left after the prefix: "unable" counts, "under" does not


@lru_cache(maxsize=50_000)
def opposed(word: str, other: str) -> bool:
    """Whether two folded words are opposites, whatever their inflection; symmetrical."""
    if word == other:
        return False
    pairs = _pairs()
    for a in _bases(word):
        for b in _bases(other):
            if (a, b) in pairs:
                return True
    return _turned(word, other) or _turned(other, word)


@lru_cache(maxsize=1)
def opposites() -> dict[str, tuple[str, ...]]:
    """The opposites of each base form of the list, in the order of the list."""
    found: dict[str, list[str]] = {}
    for word, others in _entries():
        for other in others:
            found.setdefault(word, []).append(other)
            found.setdefault(other, []).append(word)
    return {word: tuple(dict.fromkeys(others)) for word, others in found.items()}


def _entries() -> list[tuple[str, list[str]]]:
    entries = []
    for line in _PAIRS.strip().splitlines():
        word, _, others = line.partition("/")
        entries.append((word, others.split()))
    return entries


@lru_cache(maxsize=1)
def _pairs() -> frozenset[tuple[str, str]]:
    found = set()
    for word, others in _entries():
        for other in others:
            for a in {word, stem(word)}:
                for b in {other, stem(other)}:
                    found |= {(a, b), (b, a)}
    return frozenset(found)


def _bases(word: str) -> tuple[str, ...]:
    base = _IRREGULAR.get(word, word)
    return (word, stem(word), base, stem(base))


def _turned(word: str, other: str) -> bool:
    for prefix in _TURNING:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= _SHORTEST_TURNED and stem(rest) == stem(other):
            return True
    for full, without in (("ful", "less"),):
        if word.endswith(full) and other == word.removesuffix(full) + without:
            return True
    return False
