"""Fetches what packages of research and computing say of themselves, for `distil.py`: one JSON object a line, of 60,000
packages of the Python Package Index with a name of these fields those that are under a free licence and say something.

    python packages.py pypi.jsonl [left-out.jsonl]

Packages that are named in the second file ("name") are left out: they are what rankings are measured by.
"""

import concurrent.futures
import json
import random
import re
import sys
import urllib.request

FIELDS = re.compile(
    r"bio|chem|phys|astro|neuro|quantum|geo|learn|stat|bayes|optim|seq|genom|gene|protein|cell|mri|eeg|climate|omics|molec|crystal|spectr"
    r"|simul|causal|econ|psych|linguis|nlp|speech|cluster|tensor|kernel|fairness|explain|reinforce|graph|diffusion|galaxy|cosmo|particle"
    r"|fluid|mesh|finite|dynamics|ecolog|epidem|clinical|medic|imag|segment|signal|survey|text|corpus|topic|embed|translat|robot|vision"
    r"|pose|forecast|timeser|anomal|privacy|federat|education|teach"
)
FREE = re.compile(r"OSI Approved|\b(MIT|BSD|Apache|[AL]?GPL|ISC|MPL|Mozilla|Unlicense|CC0|zlib|EUPL|Artistic|PSF)", re.IGNORECASE)


def answer(path):
    with urllib.request.urlopen(f"https://pypi.org/{path}", timeout=200) as answer:
        return answer.read().decode()


def about(name):
    """What a package says of itself, unless that is nothing or not free."""
    try:
        info = json.loads(answer(f"pypi/{name}/json"))["info"]
    except (OSError, ValueError):
        return None
    licence = " ".join([*info["classifiers"], info.get("license_expression") or "", (info.get("license") or "")[:200]])
    said = info.get("summary") and len(info.get("description") or "") >= 200
    return {"name": name, "summary": info["summary"], "description": info["description"][:8000]} if said and FREE.search(licence) else None


def main():
    left_out = {json.loads(line)["name"] for path in sys.argv[2:] for line in open(path, encoding="utf-8")}
    names = [name for name in re.findall(r"<a[^>]*>([^<]+)<", answer("simple/")) if FIELDS.search(name.lower()) and name not in left_out]
    random.Random(11).shuffle(names)
    with open(sys.argv[1], "w", encoding="utf-8") as out, concurrent.futures.ThreadPoolExecutor(24) as several:
        out.writelines(json.dumps(package) + "\n" for package in several.map(about, names[:60_000]) if package)


if __name__ == "__main__":
    main()
