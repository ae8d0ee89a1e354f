"""用法：python verify_draw.py 种子 村清单.csv 户清单.txt [必查名单.txt …]，说明见 verify-a-draw.md。"""

import hashlib
import sys

NUMERATOR, DENOMINATOR = 30, 100  # 抽样比例 30 %，不足一个的按一个算（向上取整）


def lines(name):
    return [line.strip() for line in open(name, encoding="utf-8-sig") if line.strip()]


def draw(seed, codes, must):
    ranked = sorted(codes, key=lambda code: hashlib.sha256(f"{seed}|{code}".encode()).hexdigest())
    required = (NUMERATOR * len(codes) + DENOMINATOR - 1) // DENOMINATOR
    first = [code for code in ranked if code in must]
    others = [code for code in ranked if code not in must]
    return first + others[: max(0, required - len(first))]


seed, village_file, household_file, *must_files = sys.argv[1:]
must = {code for name in must_files for code in lines(name)}
towns, homes = {}, {}
for village, town in (line.split(",") for line in lines(village_file)):
    towns.setdefault(town, []).append(village)
for home in lines(household_file):
    homes.setdefault(home.split("/")[0], []).append(home)
for town in sorted(towns):
    for village in draw(seed, towns[town], must):
        print(village, *draw(seed, homes.get(village, []), must), sep="\n")
