using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Ledger;

/// <summary>The tables of batches. What is looked for all the time has indexes that hold only what is still to be done.</summary>
internal static class BatchTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<BatchRow>(batch =>
        {
            batch.ToTable("batches");
            batch.HasKey(b => b.Id);
            batch.Property(b => b.Id).HasMaxLength(40);
            batch.Property(b => b.Tenant).HasMaxLength(64);
            batch.HasIndex(b => new { b.Tenant, b.Id });
            batch.HasIndex(b => b.Id).HasFilter("\"CompletedAt\" IS NULL").HasDatabaseName("IX_batches_open");
            batch.HasIndex(b => b.RemoveAfter).HasFilter("\"RemoveAfter\" IS NOT NULL");
        });
        model.Entity<BatchLineRow>(line =>
        {
            line.ToTable("batch_lines");
            line.HasKey(l => new { l.BatchId, l.Line });
            line.Property(l => l.BatchId).HasMaxLength(40);
            line.Property(l => l.CustomId).HasMaxLength(128);
            line.Property(l => l.State).HasMaxLength(16).IsConcurrencyToken();
            line.Property(l => l.EditId).HasMaxLength(40);
            line.Property(l => l.EndStatus).HasMaxLength(32);
            line.HasOne<BatchRow>().WithMany().HasForeignKey(l => l.BatchId);
            line.HasIndex(l => new { l.BatchId, l.Line }).HasFilter("\"State\" = 'waiting'").HasDatabaseName("IX_batch_lines_waiting");
            line.HasIndex(l => l.EditId).HasFilter("\"EditId\" IS NOT NULL");
        });
        model.Entity<EditRow>(edit =>
        {
            edit.Property(e => e.BatchId).HasMaxLength(40);
            edit.HasIndex(e => e.BatchId).HasFilter("\"BatchId\" IS NOT NULL AND \"CompletedAt\" IS NULL").HasDatabaseName("IX_edits_of_open_batches");
        });
    }
}
