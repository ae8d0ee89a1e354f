"""The same actions and queries from a terminal. Thin: no logic of its own.

Exit 0 done; 1 refused, one sentence on stderr and every row fault as `sheet!cell: message` on stdout; 2 wrong usage.
"""

import getpass
import json
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

import clock
from actions.backup import make_backup
from actions.campaign import create_campaign
from actions.demonstration.load import load_demonstration
from actions.digest import write_digests
from actions.first_admin import setup_code
from actions.importing import ImportResult
from actions.ledger_export import export_ledger
from actions.ledger_return import take_ledger
from actions.payment import PaymentOptions, import_payments
from actions.people import create_user, reset_password
from actions.reference import load_reference
from actions.region import import_regions
from actions.register_export import export_payments, export_roster
from actions.restore import Place, restore_backup
from actions.roster import RosterOptions, import_roster
from actions.sample import draw
from actions.sample_export import export_sample
from actions.transaction import Caller, who
from actions.upgrade import upgrade_database
from files.export_level import ExportLevel
from files.storage import Storage
from models.database import Database
from models.local_time import LocalTime
from models.money import NotMoney, parse_yuan
from models.refusal import Refused
from models.role import Role
from queries.audit import Head, audit_head, verify
from queries.campaign import campaign_id_of
from queries.figures import figures
from queries.ledger import LedgerFilter
from queries.sample_check import verify_draw
from queries.schema_state import SchemaState, schema_state
from queries.viewer import user_id_named
from settings import Settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
LEVELS = {level.value: level for level in ExportLevel} | {level.label: level for level in ExportLevel}


def caller_of(user: str | None) -> Caller:
    """The caller for `--as USER`, or the terminal of the operating system's user."""
    moment, today, wall = clock.now(), clock.today(), clock.wall()
    if user is None:
        return Caller(moment, today, wall, terminal=getpass.getuser())
    return Caller(moment, today, wall, user_id=user_id_named(user))


def opened(command: str) -> None:
    """Open database and storage from the environment; a place that is to be restored is left as it is."""
    settings = Settings.read()
    LocalTime.zone = settings.timezone
    if command == "restore":
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    Database.open(settings.database_url)
    Storage.open(settings.data_dir, settings.secret_key(), settings.max_upload_mb * 1024 * 1024)
    if command != "upgrade" and (state := schema_state()) is not SchemaState.READY:
        raise Refused(state.sentence)


def door(command: Callable[..., None]) -> Callable[..., None]:
    """Refusals become one sentence on stderr and exit 1; the database is open within."""

    @wraps(command)
    def opened_command(**options: Any) -> None:
        try:
            opened(command.__name__)
            command(**options)
        except Refused as refused:
            click.echo(str(refused), err=True)
            sys.exit(1)
        finally:
            Database.close()

    return opened_command


as_user = click.option("--as", "user", metavar="USER", help="以此账号办理，受其权限约束；不写则为服务器终端。")
campaign_option = click.option("--campaign", required=True, metavar="C", help="专项治理代码，例如 SZ2022。")
dry_run_option = click.option("--dry-run", is_flag=True, help="只预览，不写入。")
skip_option = click.option("--skip-faulty", is_flag=True, help="跳过有误的行，导入其余。")
level_option = click.option("--level", type=click.Choice(list(LEVELS)), default="unit", help="默认责任单位版。")
purpose_option = click.option("--purpose", default="", help="内部版须写明用途。")


@click.group()
def cli() -> None:
    """销号台：在服务器终端上办同样的事。"""


@cli.command()
@door
def upgrade() -> None:
    """建立数据库，或升级到最新。"""
    upgrade_database(Settings.read().database_url)
    load_reference(caller_of(None))
    click.echo("数据库已是最新。")


@cli.command("setup-code")
@door
def setup_code_command() -> None:
    """还没有账号时，打印首次设置用的设置码；有了账号就不打印。"""
    code = setup_code()
    if code is not None:
        click.echo("还没有账号。请在这台机器的浏览器里打开本系统，按提示建立第一个系统管理员。")
        click.echo(f"设置码：{code}　（也在 {Storage.setup_code()}，只有您能读；有了账号即失效）")


@cli.command()
@door
def demo() -> None:
    """在空库里建立演示数据 SZ2022。"""
    click.echo("正在装入演示数据，不到一分钟。")
    load_demonstration(caller_of(None))
    click.echo("演示数据已建立：SZ2022。")


@cli.command("create-user")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--region", metavar="CODE", help="填报单位、镇或村的代码；不写为全部。")
@click.option("--unit", metavar="CODE", help="单位代码。")
@as_user
@door
def create_user_command(name: str, role: str, region: str | None, unit: str | None, user: str | None) -> None:
    """建立账号，打印一次性密码。"""
    click.echo(create_user(caller_of(user), name, Role(role), region_code=region, unit_code=unit).one_time_password)


@cli.command("reset-password")
@click.argument("name")
@as_user
@door
def reset_password_command(name: str, user: str | None) -> None:
    """重置密码，打印一次性密码；唯一的安全管理员忘记密码时用。"""
    click.echo(reset_password(caller_of(user), name))


@cli.command("create-campaign")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--place", required=True, help="标题里的市县名称。")
@click.option("--years", nargs=2, type=int, required=True, help="检查年度起止，例如 2020 2021。")
@click.option("--rectify-by", type=DAY, required=True, help="整改期限。")
@as_user
@door
def create_campaign_command(
    code: str, name: str, place: str, years: tuple[int, int], rectify_by: Any, user: str | None
) -> None:
    """新建一次专项治理。"""
    create_campaign(caller_of(user), code, name, place, years[0], years[1], rectify_by.date())
    click.echo(code)


@cli.group("import")
def import_group() -> None:
    """导入区划、名册、发放登记，导回台账。"""


@import_group.command("regions")
@click.argument("file", type=FILE)
@dry_run_option
@skip_option
@as_user
@door
def import_regions_command(file: Path, dry_run: bool, skip_faulty: bool, user: str | None) -> None:
    """导入区划树，或功能区归属。"""
    finish(import_regions(caller_of(user), file, file.name, dry_run=dry_run, skip_faulty=skip_faulty))


@import_group.command("roster")
@click.argument("file", type=FILE)
@campaign_option
@dry_run_option
@skip_option
@click.option("--accept-as-is", is_flag=True, help="按原样接收不规范的身份证号。")
@as_user
@door
def import_roster_command(
    file: Path, campaign: str, dry_run: bool, skip_faulty: bool, accept_as_is: bool, user: str | None
) -> None:
    """导入名册。"""
    options = RosterOptions(dry_run, skip_faulty, accept_as_is)
    finish(import_roster(caller_of(user), campaign_id_of(campaign), file, file.name, options))


@import_group.command("payments")
@click.argument("file", type=FILE)
@campaign_option
@click.option("--total", required=True, metavar="YUAN", help="控制总额（元），与文件合计须一分不差。")
@dry_run_option
@skip_option
@as_user
@door
def import_payments_command(
    file: Path, campaign: str, total: str, dry_run: bool, skip_faulty: bool, user: str | None
) -> None:
    """导入发放登记。"""
    try:
        cents = parse_yuan(total)
    except NotMoney as error:
        raise click.UsageError(f"--total 须是金额（元），最多两位小数：{total}") from error
    options = PaymentOptions(cents, dry_run, skip_faulty)
    finish(import_payments(caller_of(user), campaign_id_of(campaign), file, file.name, options))


@import_group.command("ledger")
@click.argument("file", type=FILE)
@campaign_option
@dry_run_option
@skip_option
@as_user
@door
def import_ledger_command(file: Path, campaign: str, dry_run: bool, skip_faulty: bool, user: str | None) -> None:
    """台账回填：改好的台账导回；冲突和有误的逐格列出。须加 --as。"""
    result = take_ledger(
        caller_of(user), campaign_id_of(campaign), file, file.name, dry_run=dry_run, skip_faulty=skip_faulty
    )
    for fault in (*result.faults, *(clash.fault for clash in result.clashes)):
        click.echo(f"{fault.reference}: {fault.message}")
    click.echo(result.last_line)
    if result.is_refused:
        raise Refused(result.refusal)


def finish(result: ImportResult) -> None:
    """Print faults and the last line; refuse when nothing was taken because of them."""
    for fault in result.faults:
        click.echo(f"{fault.reference}: {fault.message}")
    click.echo(result.last_line)
    if result.is_refused:
        raise Refused(
            f"有 {len(result.faults)} 处错误，没有导入任何内容；改正后重新导入，或加 --skip-faulty 导入其余。"
        )


@cli.command("draw")
@campaign_option
@click.option("--seed", required=True)
@click.option("--reason", help="再次抽样须说明理由。")
@as_user
@door
def draw_command(campaign: str, seed: str, reason: str | None, user: str | None) -> None:
    """封存抽样框（如尚未封存），两阶段抽样，最后打印抽样编号。"""
    click.echo(draw(caller_of(user), campaign_id_of(campaign), seed, reason))


@cli.command("verify-draw")
@click.argument("sample", type=int)
@door
def verify_draw_command(sample: int) -> None:
    """由种子和抽样框重新计算，核对抽样结果。"""
    check = verify_draw(sample)
    for finding in check.findings:
        click.echo(finding)
    if not check.ok:
        raise Refused(check.summary)
    click.echo(check.summary)


@cli.command("figures")
@campaign_option
@click.option("--region", metavar="CODE")
@click.option("--as-of", type=DAY)
@click.option("--json", "as_json", is_flag=True)
@as_user
@door
def figures_command(campaign: str, region: str | None, as_of: Any, as_json: bool, user: str | None) -> None:
    """打印指标。"""
    day: date | None = as_of.date() if as_of else None
    viewer = who(caller_of(user))
    found = figures(viewer, campaign_id_of(campaign), clock.today(), region, day)
    if as_json:
        plain = {
            name: {"label": f.label, "unit": f.unit, "value": f.value, "definition": f.definition}
            for name, f in found.items()
        }
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for figure in found.values():
        click.echo(f"{figure.label}\t{figure.text}")


@cli.group("export")
def export_group() -> None:
    """导出与屏幕上相同的工作簿。"""


def exporting(name: str, what: str, write: Callable[[Caller, int, ExportLevel, str, Path], object]) -> None:
    """The verb `export NAME`: a register of a campaign, at a level."""

    @export_group.command(name, help=f"导出{what}。")
    @campaign_option
    @click.option("--out", type=OUT, required=True)
    @level_option
    @purpose_option
    @as_user
    @door
    def export_command(campaign: str, out: Path, level: str, purpose: str, user: str | None) -> None:
        write(caller_of(user), campaign_id_of(campaign), LEVELS[level], purpose, out)
        click.echo(str(out))


exporting("ledger", "整改台账", lambda who, campaign, *rest: export_ledger(who, campaign, LedgerFilter(), *rest))
exporting("roster", "名册", export_roster)
exporting("payments", "发放明细", export_payments)


@export_group.command("sample")
@click.option("--sample", type=int, required=True, metavar="ID")
@click.option("--out", type=OUT, required=True)
@as_user
@door
def export_sample_command(sample: int, out: Path, user: str | None) -> None:
    """导出抽样名单与抽样框。"""
    export_sample(caller_of(user), sample, out)
    click.echo(str(out))


@cli.command()
@as_user
@door
def remind(user: str | None) -> None:
    """写当天的到期提醒：每人每天一份；同一天再运行，只补没有的人。"""
    written = write_digests(caller_of(user))
    for one in written:
        again = f"，{one.before} 人今天已有" if one.before else ""
        click.echo(f"{one.code}：写了 {one.digests} 份，涉及 {one.problems} 件问题{again}。")
    click.echo(f"到期提醒 {sum(one.digests for one in written)} 份。")


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@as_user
@door
def backup(folder: Path, user: str | None) -> None:
    """备份到服务器上的目录：数据库、发放批次、佐证和密钥，一个文件；最后打印校验头。"""
    made = make_backup(caller_of(user), folder)
    click.echo(str(made.path))
    click.echo(made.summary)
    for finding in made.manifest.findings:
        click.echo(f"注意：{finding}")
    if made.on_same_disk:
        click.echo("注意：备份与数据在同一块盘上，请另拷一份到别的盘或别的机器。")
    click.echo(made.manifest.head)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--accept-findings", is_flag=True, help="备份里的记录核对不符也恢复；不符之处记入操作记录。")
@as_user
@door
def restore(file: Path, accept_findings: bool, user: str | None) -> None:
    """把备份恢复到空的 DATA_DIR 和空的数据库；旧版本的备份随即升级。"""
    settings = Settings.read()
    place = Place(settings.database_url, settings.data_dir, settings.secret_key_file)
    done = restore_backup(caller_of(None), file, place, user, accept_findings=accept_findings)
    for finding in done.findings:
        click.echo(f"注意：{finding}")
    click.echo(f"已恢复{done.made_at}的备份：{done.manifest.rows} 行，{len(done.manifest.files)} 个文件。")
    click.echo("恢复的记录到这个校验头为止：")
    click.echo(done.head)


@cli.command("audit-head")
@door
def audit_head_command() -> None:
    """打印校验头：序号和散列值。"""
    head = audit_head()
    click.echo(str(head))


@cli.command("verify-audit")
@click.option("--head", metavar='"SEQ HASH"', help="离开本机的校验头，用来发现被截断或整体重写的记录。")
@door
def verify_audit_command(head: str | None) -> None:
    """校验全部记录。"""
    result = verify(_head(head) if head else None)
    for finding in result.findings:
        click.echo(finding.sentence)
    if not result.ok:
        raise Refused(result.summary)
    click.echo(result.summary)


def _head(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


if __name__ == "__main__":
    cli()
