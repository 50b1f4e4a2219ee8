using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Ledger;

/// <summary>The ledger's tables. Nothing here belongs to one database product except that indexes are partial, which SQLite and PostgreSQL both know.</summary>
public class LedgerContext : DbContext
{
    /// <summary>Opens a ledger in SQLite.</summary>
    public LedgerContext(DbContextOptions<LedgerContext> options)
        : base(options)
    {
    }

    /// <summary>For a ledger in another database, whose migrations are its own.</summary>
    protected LedgerContext(DbContextOptions options)
        : base(options)
    {
    }

    public DbSet<EditRow> Edits => Set<EditRow>();
    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();
    public DbSet<EventRow> Events => Set<EventRow>();
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();
    public DbSet<InputRow> Inputs => Set<InputRow>();
    public DbSet<InputUseRow> InputUses => Set<InputUseRow>();
    public DbSet<AssetRow> Assets => Set<AssetRow>();
    public DbSet<BatchRow> Batches => Set<BatchRow>();
    public DbSet<BatchLineRow> BatchLines => Set<BatchLineRow>();
    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();
    public DbSet<RemovedRow> Removed => Set<RemovedRow>();
    public DbSet<KeyRow> Keys => Set<KeyRow>();
    public DbSet<TenantRow> Tenants => Set<TenantRow>();
    public DbSet<UsageRow> Usage => Set<UsageRow>();
    public DbSet<UsageEntryRow> UsageEntries => Set<UsageEntryRow>();
    public DbSet<WebhookRow> Webhooks => Set<WebhookRow>();
    public DbSet<WebhookSecretRow> WebhookSecrets => Set<WebhookSecretRow>();
    public DbSet<WebhookMessageRow> WebhookMessages => Set<WebhookMessageRow>();
    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();
    public DbSet<DeliveryAttemptRow> DeliveryAttempts => Set<DeliveryAttemptRow>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        WebhookTables.Configure(modelBuilder);
        TenantTables.Configure(modelBuilder);
        AssetTables.Configure(modelBuilder);
        BatchTables.Configure(modelBuilder);
        modelBuilder.Entity<EditRow>(edit =>
        {
            edit.ToTable("edits");
            edit.HasKey(e => e.Id);
            edit.Property(e => e.Id).HasMaxLength(40);
            edit.Property(e => e.Tenant).HasMaxLength(64);
            edit.Property(e => e.Model).HasMaxLength(128);
            edit.Property(e => e.Status).HasMaxLength(32);
            edit.Property(e => e.Stage).HasMaxLength(32);
            edit.Property(e => e.WaitingFor).HasMaxLength(32);
            edit.Property(e => e.LiveStage).HasMaxLength(32);
            edit.Property(e => e.TraceParent).HasMaxLength(64);
            edit.Property(e => e.Webhook).HasMaxLength(2048);
            edit.Property(e => e.WebhookEvents).HasMaxLength(512);
            edit.Property(e => e.Version).IsConcurrencyToken();
            edit.HasMany(e => e.Attempts).WithOne().HasForeignKey(a => a.EditId);

            // Lists of a tenant, newest first (ids sort by time).
            edit.HasIndex(e => new { e.Tenant, e.Id });
            edit.HasIndex(e => new { e.Tenant, e.Status, e.Id });
            // Estimates of waiting times.
            edit.HasIndex(e => new { e.Model, e.CompletedAt }).HasFilter("\"WorkTicks\" IS NOT NULL");
            // What the claim order and the sweeper look for; small, however many edits are done.
            edit.HasIndex(e => new { e.WaitingFor, e.Model, e.CreatedAt }).HasFilter("\"WaitingFor\" IS NOT NULL");
            // Who has what at the broker and at work, and who waits to be let go: the fair release.
            edit.HasIndex(e => new { e.WaitingFor, e.Model, e.Tenant, e.CreatedAt }).HasFilter("\"Held\"").HasDatabaseName("IX_edits_held");
            edit.HasIndex(e => new { e.WaitingFor, e.Model, e.Tenant }).HasFilter("\"WaitingFor\" IS NOT NULL AND NOT \"Held\"").HasDatabaseName("IX_edits_released");
            edit.HasIndex(e => new { e.LiveStage, e.Model, e.Tenant }).HasFilter("\"LiveAttempt\" IS NOT NULL").HasDatabaseName("IX_edits_live");
            edit.HasIndex(e => e.HintAfter).HasFilter("\"WaitingFor\" IS NOT NULL AND NOT \"Held\"");
            edit.HasIndex(e => e.WaitUntil).HasFilter("\"LiveAttempt\" IS NULL AND \"CompletedAt\" IS NULL");
            edit.HasIndex(e => e.LeaseUntil).HasFilter("\"LiveAttempt\" IS NOT NULL");
            edit.HasIndex(e => e.RunUntil).HasFilter("\"LiveAttempt\" IS NOT NULL");
            edit.HasIndex(e => e.RemoveAfter).HasFilter("\"RemoveAfter\" IS NOT NULL");
        });
        modelBuilder.Entity<AttemptRow>(attempt =>
        {
            attempt.ToTable("attempts");
            attempt.HasKey(a => new { a.EditId, a.Number });
            attempt.Property(a => a.Stage).HasMaxLength(32);
            attempt.Property(a => a.Outcome).HasMaxLength(32);
            attempt.Property(a => a.ClaimId).HasMaxLength(64);
        });
        modelBuilder.Entity<EventRow>(@event =>
        {
            @event.ToTable("events");
            @event.HasKey(e => new { e.EditId, e.Sequence });
            @event.Property(e => e.Status).HasMaxLength(32);
            @event.Property(e => e.Stage).HasMaxLength(32);
            @event.HasOne<EditRow>().WithMany().HasForeignKey(e => e.EditId);
        });
        modelBuilder.Entity<OutboxRow>(message =>
        {
            message.ToTable("outbox");
            message.HasKey(m => m.Id);
            message.Property(m => m.Kind).HasMaxLength(64);
            message.Property(m => m.TakenBy).HasMaxLength(32);
            message.Property(m => m.TraceParent).HasMaxLength(64);
            message.HasIndex(m => new { m.SendAfter, m.Id });
        });
        modelBuilder.Entity<InputRow>(input =>
        {
            input.ToTable("inputs");
            input.HasKey(i => i.Key);
            input.Property(i => i.Key).HasMaxLength(512);
            input.HasIndex(i => i.Key).HasFilter("\"Removing\"").HasDatabaseName("IX_inputs_removing");
        });
        modelBuilder.Entity<InputUseRow>(use =>
        {
            use.ToTable("input_uses");
            use.HasKey(u => new { u.Key, u.Holder });
            use.Property(u => u.Key).HasMaxLength(512);
            use.Property(u => u.Holder).HasMaxLength(40);
        });
        modelBuilder.Entity<IdempotencyRow>(kept =>
        {
            kept.ToTable("idempotency_keys");
            kept.HasKey(k => new { k.Tenant, k.Key });
            kept.Property(k => k.Tenant).HasMaxLength(64);
            kept.Property(k => k.Key).HasMaxLength(255);
            kept.Property(k => k.Digest).HasMaxLength(64);
            kept.Property(k => k.EditId).HasMaxLength(40);
            kept.Property(k => k.CreatedAt).IsConcurrencyToken();
            kept.HasIndex(k => k.CreatedAt);
        });
        modelBuilder.Entity<RemovedRow>(removed =>
        {
            removed.ToTable("removed");
            removed.HasKey(r => r.Id);
            removed.Property(r => r.Tenant).HasMaxLength(64);
            removed.HasIndex(r => r.RemovedAt);
            removed.HasIndex(r => r.Id).HasFilter("NOT \"ObjectsRemoved\"").HasDatabaseName("IX_removed_unfinished");
        });
    }
}
