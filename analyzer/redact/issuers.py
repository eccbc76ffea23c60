"""Tokens that say themselves who issued them: a prefix, an alphabet, a least length.

These are facts that issuers publish; most are taken from the rules of gitleaks
(https://github.com/gitleaks/gitleaks, config/gitleaks.toml, MIT), and put here in our own words: shorter than
the whole length, for a log cuts lines, and without a digit of their own, for the log miner takes lines that
differ in digits alone for one. xAI's, Groq's and Replicate's are of their own documentation. Nearly every one
has 16 letters, digits, dashes and underscores in a row, which `credentials` looks for first.
"""

import re

from analyzer.redact.rules import RedactionRule

_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_MIXED = r"(?=[\w-]{0,200}(?:[0-9]|[a-z][A-Z]))"  # what a person does not write: a digit, a capital inside


def _token_rule(kind: str, cues: str | re.Pattern[str], pattern: str) -> RedactionRule:
    return RedactionRule(
        kind, tuple(cues.split()) if isinstance(cues, str) else cues, rf"(?<![A-Za-z0-9])(?:{pattern})"
    )


TOKENS = (
    _token_rule(
        "private key", "crudjti", r"LS[0-9]tLS[0-9]CRUdJTi[\w+/]{16,}={0,2}"
    ),  # "-----BEGIN" in base64, as a Secret holds it
    # … without that line: PKCS #1 (RFC 8017), PKCS #8 (RFC 5958), SEC 1 (RFC 5915) in DER. Certificates and
    # public keys begin otherwise.
    _token_rule(
        "private key",
        "ibaak ibadanbg mhccaqeei mighageamb caqaw",
        (
            r"MII[A-Z][A-Za-z0-9+/]{2}IBA(?:AK|DANBg)[A-Za-z0-9+/]{8,}={0,2}"
            r"|(?:MHcCAQEEI|MIGHAgEAMB|MC[0-9]CAQAw)[A-Za-z0-9+/]{30,}={0,2}"
        ),
    ),
    _token_rule("jwt", "eyj", r"eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){0,3}"),
    _token_rule("jwt", "zxlk", r"ZXlK[\w+/-]{40,}={0,2}"),  # the same in base64
    _token_rule(
        "github token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"gh[pousr]_\w{16,}|github_pat_\w{16,}"
    ),
    _token_rule(
        "gitlab token",
        "glpat- gldt- glrt- glft- glrtr- glptt- glcbt- gloas- glsoat- glffct- glimt- glagent-",
        r"gl(?:pat|[drf]t|rtr|ptt|cbt|oas|soat|ffct|imt|agent)-[\w.-]{16,}",
    ),
    _token_rule("gitlab token", re.compile("gr[0-9]{7}"), r"GR[0-9]{7}[\w-]{20,}"),
    _token_rule("slack token", "xox xapp-", r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}"),
    _token_rule(
        "slack webhook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{8,}"
    ),
    _token_rule("teams webhook", "webhook.office.com", r"webhook\.office\.com/webhookb[0-9]/[\w@/-]{36,}"),
    _token_rule("discord webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/[0-9]+/[\w-]{20,}"),
    _token_rule("aws key id", "akia asia abia acca", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}"),
    _token_rule("alibaba key id", "ltai", r"LTAI[A-Za-z0-9]{16,}"),
    _token_rule("google api key", "aiza", r"AIza[\w-]{30,}"),
    _token_rule(
        "google token", re.compile(r"ya[0-9]{2}\.|gocspx-"), r"ya[0-9]{2}\.[\w.-]{16,}|GOCSPX-[\w-]{20,}"
    ),
    _token_rule("azure secret", "q~", r"[\w.~-]{3}[0-9]Q~[\w.~-]{30,}"),
    _token_rule("digitalocean token", "_v", r"do[opr]_v[0-9]_[a-f0-9]{32,}"),
    _token_rule("openshift token", re.compile("sha[0-9]{3}~"), r"sha[0-9]{3}~[\w-]{40,}"),
    _token_rule("heroku key", "hrku-aa", r"HRKU-AA[\w-]{30,}"),
    _token_rule(
        "fly token", re.compile("f[mo][0-9][ar]?_"), r"fo[0-9]_[\w-]{40,}|fm[0-9][ar]?_[\w+/]{60,}={0,3}"
    ),
    _token_rule("scalingo token", "tk-us-", r"tk-us-[\w-]{40,}"),
    _token_rule("terraform token", "atlasv", r"[A-Za-z0-9]{14}\.atlasv[0-9]\.[\w=-]{50,}"),
    _token_rule("pulumi token", "pul-", r"pul-[a-f0-9]{40}"),
    _token_rule("doppler token", "dp.pt.", r"dp\.pt\.[A-Za-z0-9]{40,}"),
    _token_rule("infracost key", "ico-", r"ico-[A-Za-z0-9]{32}"),
    _token_rule("harness key", "pat. sat.", r"[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"),
    _token_rule("octopus key", "api-", r"API-[A-Z0-9]{26}(?!\w)"),
    _token_rule("prefect token", "pnu_", r"pnu_[A-Za-z0-9]{30,}"),
    _token_rule(
        "one password key",
        re.compile("a[0-9]-[a-z0-9]{6}-|ops_eyj"),
        r"A[0-9]-(?:[A-Z0-9]{5,11}-){4,5}[A-Z0-9]{5}|ops_eyJ[\w+/]{60,}",
    ),
    _token_rule("vault token", "hvs. hvb. hvr.", r"hv[sbr]\.[\w-]{20,}"),
    _token_rule("age key", "age-secret-key-", r"AGE-SECRET-KEY-[0-9][A-Z0-9]{30,}"),
    _token_rule(
        "stripe key", "_live_ _test_ _prod_ whsec_", r"(?:sk|rk|pk)_(?:live|test|prod)_\w{8,}|whsec_\w{16,}"
    ),
    _token_rule("square token", re.compile("sq[0-9]atp-"), r"sq[0-9]atp-[\w-]{22,}"),
    _token_rule("flutterwave key", "flwseck", r"FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,}"),
    _token_rule("duffel token", "duffel_", r"duffel_(?:test|live)_[\w=-]{30,}"),
    _token_rule("shippo token", "shippo_", r"shippo_(?:live|test)_[a-fA-F0-9]{32,}"),
    _token_rule("easypost key", "ezak eztk", r"EZ[AT]K[A-Za-z0-9]{40,}"),
    _token_rule("plaid token", "access-", rf"access-(?:sandbox|development|production)-{_UUID}"),
    _token_rule("shopify token", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{24,}"),
    _token_rule("xai key", "xai-", rf"xai-{_MIXED}[\w-]{{20,}}"),
    _token_rule("groq key", "gsk_", rf"gsk_{_MIXED}[A-Za-z0-9]{{20,}}"),
    _token_rule("replicate token", re.compile("r[0-9]_[a-z0-9]{20}"), r"r[0-9]_[A-Za-z0-9]{30,}"),
    _token_rule("perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{30,}"),
    _token_rule("hugging face token", "hf_ api_org_", r"(?:hf|api_org)_[A-Za-z0-9]{24,}"),
    _token_rule(
        "api key", "sk-", rf"sk-{_MIXED}[\w-]{{16,}}"
    ),  # OpenAI's, Anthropic's, and of many that follow them
    _token_rule("npm token", "npm_", r"npm_[A-Za-z0-9]{30,}"),
    _token_rule("pypi token", "pypi-", r"pypi-[\w-]{40,}"),
    _token_rule("rubygems key", "rubygems_", r"rubygems_[a-f0-9]{40,}"),
    _token_rule("clojars token", "clojars_", r"CLOJARS_[A-Za-z0-9]{40,}"),
    _token_rule("artifactory key", "akcp cmvmd", r"AKCp[A-Za-z0-9]{50,}|cmVmd[A-Za-z0-9]{50,}"),
    _token_rule("docker token", "dckr_", r"dckr_(?:pat|oat)_[\w-]{16,}"),
    _token_rule(
        "docker login", "eyjhdxrocyi", r"eyJhdXRocyI[0-9][\w+/]*=*"
    ),  # {"auths": of .dockerconfigjson
    _token_rule("sendgrid key", "sg.", r"SG\.[\w-]{12,}\.[\w-]{12,}"),
    _token_rule("brevo key", "xkeysib-", r"xkeysib-[a-f0-9]{60,}-[A-Za-z0-9]{12,}"),
    _token_rule("mailgun key", "key-", r"(?:pub)?key-[0-9a-f]{32}(?![\w-])"),
    _token_rule("twilio key", re.compile("sk[0-9a-f]{32}"), r"SK[0-9a-f]{32}(?![\w-])"),
    _token_rule("telegram token", ":aa", r"(?:bot)?[0-9]{8,12}:AA[\w-]{30,}"),
    _token_rule("facebook token", "eaam eaac", r"EAA[MC][A-Za-z0-9]{90,}"),
    _token_rule("grafana token", "glsa_ glc_", r"gl(?:sa|c)_[\w+/=]{24,}"),
    _token_rule("new relic key", "nrak- nral- nrii- nrjs-", r"NR(?:AK|AL|II|JS)-[A-Za-z0-9-]{19,}"),
    _token_rule(
        "dynatrace token",
        re.compile(r"dt[0-9]c[0-9]{2}\."),
        r"dt[0-9]c[0-9]{2}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{50,}",
    ),
    _token_rule("sentry token", "sntrys_ sntryu_", r"sntry[su]_[\w+/=]{24,}"),
    _token_rule("databricks token", "dapi", r"dapi[a-f0-9]{32}"),
    _token_rule("planetscale token", "pscale_", r"pscale_(?:tkn|oauth|pw)_[\w=.-]{30,}"),
    _token_rule("maxmind key", "_mmk", r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
    _token_rule("atlassian token", "atatt", r"ATATT[0-9][\w=-]{30,}"),
    _token_rule("linear key", "lin_api_", r"lin_api_\w{24,}"),
    _token_rule("notion token", "ntn_", r"ntn_\w{24,}"),
    _token_rule("postman key", "pmak-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{30,}"),
    _token_rule("readme key", "rdme_", r"rdme_[a-z0-9]{50,}"),
    _token_rule("typeform token", "tfp_", r"tfp_[\w=.-]{40,}"),
    _token_rule("frame token", "fio-u-", r"fio-u-[\w=-]{50,}"),
    _token_rule("sourcegraph token", "sgp_", r"sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}"),
    _token_rule("settlemint token", "sm_aat_ sm_pat_ sm_sat_", r"sm_[aps]at_[A-Za-z0-9]{16}"),
    _token_rule("adobe secret", re.compile("p[0-9]e-[a-z0-9]{32}"), r"p[0-9]e-[A-Za-z0-9]{32}"),
    _token_rule("defined token", "dnkey-", r"dnkey-[\w=-]{20,}"),
)
