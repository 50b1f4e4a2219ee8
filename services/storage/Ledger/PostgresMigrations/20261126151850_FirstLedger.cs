using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace FlexEdit.Storage.Ledger.PostgresMigrations;

/// <inheritdoc />
public partial class FirstLedger : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "edits",
            columns: table => new
            {
                Id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false, collation: "C"),
                Tenant = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                Model = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                Instruction = table.Column<string>(type: "text", nullable: false, collation: "C"),
                OptionsJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                InputsJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                MetadataJson = table.Column<string>(type: "text", nullable: false, collation: "C"),
                Status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false, collation: "C"),
                Stage = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true, collation: "C"),
                Sequence = table.Column<long>(type: "bigint", nullable: false),
                Version = table.Column<long>(type: "bigint", nullable: false),
                WaitingFor = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true, collation: "C"),
                RunAfter = table.Column<long>(type: "bigint", nullable: false),
                WaitUntil = table.Column<long>(type: "bigint", nullable: false),
                Held = table.Column<bool>(type: "boolean", nullable: false),
                Hints = table.Column<int>(type: "integer", nullable: false),
                HintAfter = table.Column<long>(type: "bigint", nullable: false),
                LastAttempt = table.Column<int>(type: "integer", nullable: false),
                StageAttempts = table.Column<int>(type: "integer", nullable: false),
                LiveAttempt = table.Column<int>(type: "integer", nullable: true),
                LiveStage = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true, collation: "C"),
                LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                RunUntil = table.Column<long>(type: "bigint", nullable: true),
                TraceParent = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true, collation: "C"),
                CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                StartedAt = table.Column<long>(type: "bigint", nullable: true),
                CancelRequestedAt = table.Column<long>(type: "bigint", nullable: true),
                CompletedAt = table.Column<long>(type: "bigint", nullable: true),
                RemoveAfter = table.Column<long>(type: "bigint", nullable: true),
                WorkTicks = table.Column<long>(type: "bigint", nullable: true),
                UnderstandingJson = table.Column<string>(type: "text", nullable: true, collation: "C"),
                OutputsJson = table.Column<string>(type: "text", nullable: true, collation: "C"),
                ErrorJson = table.Column<string>(type: "text", nullable: true, collation: "C"),
                CancellationJson = table.Column<string>(type: "text", nullable: true, collation: "C")
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_edits", x => x.Id);
            });

        migrationBuilder.CreateTable(
            name: "inputs",
            columns: table => new
            {
                Key = table.Column<string>(type: "character varying(512)", maxLength: 512, nullable: false, collation: "C"),
                Uses = table.Column<int>(type: "integer", nullable: false),
                Version = table.Column<long>(type: "bigint", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_inputs", x => x.Key);
            });

        migrationBuilder.CreateTable(
            name: "keys",
            columns: table => new
            {
                Id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false, collation: "C"),
                Tenant = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, collation: "C"),
                Prefix = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false, collation: "C"),
                Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                Scopes = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                RevokedAt = table.Column<long>(type: "bigint", nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_keys", x => x.Id);
            });

        migrationBuilder.CreateTable(
            name: "outbox",
            columns: table => new
            {
                Id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                EditId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                Kind = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                Body = table.Column<string>(type: "text", nullable: false, collation: "C"),
                TraceParent = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true, collation: "C"),
                SendAfter = table.Column<long>(type: "bigint", nullable: false),
                TakenBy = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true, collation: "C"),
                Takes = table.Column<int>(type: "integer", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_outbox", x => x.Id);
            });

        migrationBuilder.CreateTable(
            name: "removed",
            columns: table => new
            {
                Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                Tenant = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                Expired = table.Column<bool>(type: "boolean", nullable: false),
                RemovedAt = table.Column<long>(type: "bigint", nullable: false),
                ObjectsRemoved = table.Column<bool>(type: "boolean", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_removed", x => x.Id);
            });

        migrationBuilder.CreateTable(
            name: "attempts",
            columns: table => new
            {
                EditId = table.Column<string>(type: "character varying(40)", nullable: false, collation: "C"),
                Number = table.Column<int>(type: "integer", nullable: false),
                Stage = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false, collation: "C"),
                Worker = table.Column<string>(type: "text", nullable: false, collation: "C"),
                ClaimId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true, collation: "C"),
                StartedAt = table.Column<long>(type: "bigint", nullable: false),
                EndedAt = table.Column<long>(type: "bigint", nullable: true),
                Outcome = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true, collation: "C"),
                ModelMs = table.Column<double>(type: "double precision", nullable: true),
                ErrorCode = table.Column<string>(type: "text", nullable: true, collation: "C")
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_attempts", x => new { x.EditId, x.Number });
                table.ForeignKey(
                    name: "FK_attempts_edits_EditId",
                    column: x => x.EditId,
                    principalTable: "edits",
                    principalColumn: "Id",
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateTable(
            name: "events",
            columns: table => new
            {
                EditId = table.Column<string>(type: "character varying(40)", nullable: false, collation: "C"),
                Sequence = table.Column<long>(type: "bigint", nullable: false),
                Status = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false, collation: "C"),
                Stage = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true, collation: "C"),
                At = table.Column<long>(type: "bigint", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_events", x => new { x.EditId, x.Sequence });
                table.ForeignKey(
                    name: "FK_events_edits_EditId",
                    column: x => x.EditId,
                    principalTable: "edits",
                    principalColumn: "Id",
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateIndex(
            name: "IX_edits_HintAfter",
            table: "edits",
            column: "HintAfter",
            filter: "\"WaitingFor\" IS NOT NULL AND NOT \"Held\"");

        migrationBuilder.CreateIndex(
            name: "IX_edits_LeaseUntil",
            table: "edits",
            column: "LeaseUntil",
            filter: "\"LiveAttempt\" IS NOT NULL");

        migrationBuilder.CreateIndex(
            name: "IX_edits_Model_CompletedAt",
            table: "edits",
            columns: new[] { "Model", "CompletedAt" },
            filter: "\"WorkTicks\" IS NOT NULL");

        migrationBuilder.CreateIndex(
            name: "IX_edits_RemoveAfter",
            table: "edits",
            column: "RemoveAfter",
            filter: "\"RemoveAfter\" IS NOT NULL");

        migrationBuilder.CreateIndex(
            name: "IX_edits_RunUntil",
            table: "edits",
            column: "RunUntil",
            filter: "\"LiveAttempt\" IS NOT NULL");

        migrationBuilder.CreateIndex(
            name: "IX_edits_Tenant_Id",
            table: "edits",
            columns: new[] { "Tenant", "Id" });

        migrationBuilder.CreateIndex(
            name: "IX_edits_Tenant_Status_Id",
            table: "edits",
            columns: new[] { "Tenant", "Status", "Id" });

        migrationBuilder.CreateIndex(
            name: "IX_edits_WaitUntil",
            table: "edits",
            column: "WaitUntil",
            filter: "\"LiveAttempt\" IS NULL AND \"CompletedAt\" IS NULL");

        migrationBuilder.CreateIndex(
            name: "IX_edits_WaitingFor_Model_CreatedAt",
            table: "edits",
            columns: new[] { "WaitingFor", "Model", "CreatedAt" },
            filter: "\"WaitingFor\" IS NOT NULL");

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
            name: "IX_inputs_Uses",
            table: "inputs",
            column: "Uses",
            filter: "\"Uses\" = 0");

        migrationBuilder.CreateIndex(
            name: "IX_keys_Hash",
            table: "keys",
            column: "Hash",
            unique: true);

        migrationBuilder.CreateIndex(
            name: "IX_keys_Tenant_Id",
            table: "keys",
            columns: new[] { "Tenant", "Id" });

        migrationBuilder.CreateIndex(
            name: "IX_outbox_SendAfter_Id",
            table: "outbox",
            columns: new[] { "SendAfter", "Id" });

        migrationBuilder.CreateIndex(
            name: "IX_removed_RemovedAt",
            table: "removed",
            column: "RemovedAt");

        migrationBuilder.CreateIndex(
            name: "IX_removed_unfinished",
            table: "removed",
            column: "Id",
            filter: "NOT \"ObjectsRemoved\"");
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "attempts");

        migrationBuilder.DropTable(
            name: "events");

        migrationBuilder.DropTable(
            name: "inputs");

        migrationBuilder.DropTable(
            name: "keys");

        migrationBuilder.DropTable(
            name: "outbox");

        migrationBuilder.DropTable(
            name: "removed");

        migrationBuilder.DropTable(
            name: "edits");
    }
}
