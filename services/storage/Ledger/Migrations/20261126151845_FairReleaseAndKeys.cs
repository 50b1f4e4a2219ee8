using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FlexEdit.Storage.Ledger.Migrations;

/// <inheritdoc />
public partial class FairReleaseAndKeys : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex(
            name: "IX_edits_HintAfter",
            table: "edits");

        migrationBuilder.AddColumn<string>(
            name: "TraceParent",
            table: "outbox",
            type: "TEXT",
            maxLength: 64,
            nullable: true);

        migrationBuilder.AddColumn<bool>(
            name: "Held",
            table: "edits",
            type: "INTEGER",
            nullable: false,
            defaultValue: false);

        migrationBuilder.AddColumn<string>(
            name: "TraceParent",
            table: "edits",
            type: "TEXT",
            maxLength: 64,
            nullable: true);

        migrationBuilder.AddColumn<string>(
            name: "ClaimId",
            table: "attempts",
            type: "TEXT",
            maxLength: 64,
            nullable: true);

        migrationBuilder.CreateTable(
            name: "keys",
            columns: table => new
            {
                Id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                Tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                Prefix = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                Scopes = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                RevokedAt = table.Column<long>(type: "INTEGER", nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_keys", x => x.Id);
            });

        migrationBuilder.CreateIndex(
            name: "IX_edits_HintAfter",
            table: "edits",
            column: "HintAfter",
            filter: "\"WaitingFor\" IS NOT NULL AND NOT \"Held\"");

        migrationBuilder.CreateIndex(
            name: "IX_edits_held",
            table: "edits",
            columns: new[] { "WaitingFor", "Model", "Tenant", "CreatedAt" },
            filter: "\"Held\"");

        migrationBuilder.CreateIndex(
            name: "IX_edits_live",
            table: "edits",
            columns: new[] { "LiveStage", "Model", "Tenant" },
            filter: "\"LiveAttempt\" IS NOT NULL");

        migrationBuilder.CreateIndex(
            name: "IX_edits_released",
            table: "edits",
            columns: new[] { "WaitingFor", "Model", "Tenant" },
            filter: "\"WaitingFor\" IS NOT NULL AND NOT \"Held\"");

        migrationBuilder.CreateIndex(
            name: "IX_keys_Hash",
            table: "keys",
            column: "Hash",
            unique: true);

        migrationBuilder.CreateIndex(
            name: "IX_keys_Tenant_Id",
            table: "keys",
            columns: new[] { "Tenant", "Id" });
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "keys");

        migrationBuilder.DropIndex(
            name: "IX_edits_HintAfter",
            table: "edits");

        migrationBuilder.DropIndex(
            name: "IX_edits_held",
            table: "edits");

        migrationBuilder.DropIndex(
            name: "IX_edits_live",
            table: "edits");

        migrationBuilder.DropIndex(
            name: "IX_edits_released",
            table: "edits");

        migrationBuilder.DropColumn(
            name: "TraceParent",
            table: "outbox");

        migrationBuilder.DropColumn(
            name: "Held",
            table: "edits");

        migrationBuilder.DropColumn(
            name: "TraceParent",
            table: "edits");

        migrationBuilder.DropColumn(
            name: "ClaimId",
            table: "attempts");

        migrationBuilder.CreateIndex(
            name: "IX_edits_HintAfter",
            table: "edits",
            column: "HintAfter",
            filter: "\"WaitingFor\" IS NOT NULL");
    }
}
