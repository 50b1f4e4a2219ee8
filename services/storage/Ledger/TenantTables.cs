using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Ledger;

/// <summary>The tables of tenants: limits, keys, usage.</summary>
internal static class TenantTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<TenantRow>(tenant =>
        {
            tenant.ToTable("tenants");
            tenant.HasKey(t => t.Tenant);
            tenant.Property(t => t.Tenant).HasMaxLength(64);
            tenant.Property(t => t.Version).IsConcurrencyToken();
        });
        model.Entity<KeyRow>(key =>
        {
            key.ToTable("keys");
            key.HasKey(k => k.Id);
            key.Property(k => k.Id).HasMaxLength(40);
            key.Property(k => k.Tenant).HasMaxLength(64);
            key.Property(k => k.Name).HasMaxLength(100);
            key.Property(k => k.Prefix).HasMaxLength(16);
            key.Property(k => k.Hash).HasMaxLength(64).IsConcurrencyToken();
            key.Property(k => k.OldHash).HasMaxLength(64);
            key.Property(k => k.Scopes).HasMaxLength(200);
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasIndex(k => k.OldHash).HasFilter("\"OldHash\" IS NOT NULL");
            key.HasIndex(k => new { k.Tenant, k.Id });
        });
        model.Entity<UsageRow>(usage =>
        {
            usage.ToTable("usage");
            usage.HasKey(u => new { u.Tenant, u.Day, u.Model });
            usage.Property(u => u.Tenant).HasMaxLength(64);
            usage.Property(u => u.Model).HasMaxLength(128);
            usage.HasIndex(u => u.Day);
        });
        model.Entity<UsageEntryRow>(entry =>
        {
            entry.ToTable("usage_entries");
            entry.HasKey(e => e.EditId);
            entry.Property(e => e.EditId).HasMaxLength(40);
            entry.Property(e => e.Tenant).HasMaxLength(64);
            entry.Property(e => e.Model).HasMaxLength(128);
            entry.HasIndex(e => new { e.Tenant, e.Day });
        });
    }
}
