"""Names of countries and unions: what may take another country's place in a question."""

from rag.language.terms import fold

_COUNTRIES = frozenset(
    " ".join(name.split())
    for name in """afghanistan, albania, algeria, andorra, angola, argentina, armenia, australia,
    austria, azerbaijan, bahamas, bahrain, bangladesh, barbados, belarus, belgium, belize, benin,
    bhutan, bolivia, bosnia, botswana, brazil, britain, brunei, bulgaria, burkina faso, burundi,
    cambodia, cameroon, canada, chad, chile, china, colombia, congo, costa rica, croatia, cuba,
    cyprus, czech republic, czechia, denmark, djibouti, dominican republic, ecuador, egypt,
    el salvador, england, eritrea, estonia, eswatini, ethiopia, eu, europe, european union, fiji,
    finland, france, gabon, gambia, gaza, georgia, germany, ghana, great britain, greece, greenland,
    guatemala, guinea, guyana, haiti, honduras, hong kong, hungary, iceland, india, indonesia, iran,
    iraq, ireland, israel, italy, ivory coast, jamaica, japan, jordan, kazakhstan, kenya, kosovo,
    kuwait, kyrgyzstan, laos, latvia, lebanon, lesotho, liberia, libya, liechtenstein, lithuania,
    luxembourg, madagascar, malawi, malaysia, maldives, mali, malta, mauritania, mauritius, mexico,
    moldova, monaco, mongolia, montenegro, morocco, mozambique, myanmar, namibia, nepal,
    netherlands, new zealand, nicaragua, niger, nigeria, north korea, north macedonia, northern
    ireland, norway, oman, pakistan, palestine, panama, papua new guinea, paraguay, peru,
    philippines, poland, portugal, qatar, romania, russia, rwanda, samoa, saudi arabia, scotland,
    senegal, serbia, sierra leone, singapore, slovakia, slovenia, somalia, south africa, south
    korea, south sudan, soviet union, spain, sri lanka, sudan, suriname, sweden, switzerland, syria,
    taiwan, tajikistan, tanzania, thailand, togo, tonga, trinidad, tunisia, turkey, turkmenistan,
    turkiye, uae, uganda, uk, ukraine, united arab emirates, united kingdom, united states, uruguay,
    us, usa, uzbekistan, vatican, venezuela, vietnam, wales, yemen, zambia, zimbabwe""".split(",")
)


def is_country(name: str) -> bool:
    """Whether it names a country, with or without "the", in whatever case."""
    return fold(name).removeprefix("the ") in _COUNTRIES
