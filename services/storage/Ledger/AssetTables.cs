using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Ledger;

/// <summary>The table of uploaded pictures.</summary>
internal static class AssetTables
{
    public static void Configure(ModelBuilder model) => model.Entity<AssetRow>(asset =>
    {
        asset.ToTable("assets");
        asset.HasKey(a => a.Id);
        asset.Property(a => a.Id).HasMaxLength(40);
        asset.Property(a => a.Tenant).HasMaxLength(64);
        asset.Property(a => a.Key).HasMaxLength(512);
        asset.Property(a => a.UprightKey).HasMaxLength(512);
        asset.Property(a => a.Sha256).HasMaxLength(64);
        asset.Property(a => a.ContentType).HasMaxLength(64);
        asset.HasIndex(a => a.Key).IsUnique();
        asset.HasIndex(a => new { a.Tenant, a.Id });
        asset.HasIndex(a => a.ExpiresAt).HasFilter("\"ExpiresAt\" IS NOT NULL");
    });
}
