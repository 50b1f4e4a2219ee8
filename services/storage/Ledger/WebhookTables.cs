using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Ledger;

/// <summary>The tables of webhooks. The dispatcher's indexes hold only what is still to be sent.</summary>
internal static class WebhookTables
{
    private const string Pending = "\"State\" = 'pending'";

    public static void Configure(ModelBuilder model)
    {
        model.Entity<WebhookRow>(webhook =>
        {
            webhook.ToTable("webhooks");
            webhook.HasKey(w => w.Id);
            webhook.Property(w => w.Id).HasMaxLength(40);
            webhook.Property(w => w.Tenant).HasMaxLength(64);
            webhook.Property(w => w.Url).HasMaxLength(2048);
            webhook.Property(w => w.Events).HasMaxLength(512);
            webhook.Property(w => w.DisabledReason).HasMaxLength(200);
            webhook.Property(w => w.Version).IsConcurrencyToken();
            webhook.HasIndex(w => new { w.Tenant, w.Id });
        });
        model.Entity<WebhookSecretRow>(secret =>
        {
            secret.ToTable("webhook_secrets");
            secret.HasKey(s => new { s.Tenant, s.Owner, s.Number });
            secret.Property(s => s.Tenant).HasMaxLength(64);
            secret.Property(s => s.Owner).HasMaxLength(40);
            secret.Property(s => s.Secret).HasMaxLength(100);
        });
        model.Entity<WebhookMessageRow>(message =>
        {
            message.ToTable("webhook_messages");
            message.HasKey(m => m.Id);
            message.Property(m => m.Id).HasMaxLength(40);
            message.Property(m => m.Tenant).HasMaxLength(64);
            message.Property(m => m.Subject).HasMaxLength(40);
            message.Property(m => m.Event).HasMaxLength(32);
            message.HasIndex(m => m.CreatedAt);
            message.HasIndex(m => m.Subject);
        });
        model.Entity<DeliveryRow>(delivery =>
        {
            delivery.ToTable("deliveries");
            delivery.HasKey(d => d.Id);
            delivery.Property(d => d.Id).HasMaxLength(40);
            delivery.Property(d => d.Tenant).HasMaxLength(64);
            delivery.Property(d => d.WebhookId).HasMaxLength(40);
            delivery.Property(d => d.Url).HasMaxLength(2048);
            delivery.Property(d => d.Lane).HasMaxLength(64);
            delivery.Property(d => d.MessageId).HasMaxLength(40);
            delivery.Property(d => d.Event).HasMaxLength(32);
            delivery.Property(d => d.Subject).HasMaxLength(40);
            delivery.Property(d => d.State).HasMaxLength(16);
            delivery.Property(d => d.TakenBy).HasMaxLength(40).IsConcurrencyToken();
            delivery.HasOne<WebhookMessageRow>().WithMany().HasForeignKey(d => d.MessageId);
            delivery.HasIndex(d => new { d.Lane, d.NextAttemptAt, d.Id }).HasFilter(Pending).HasDatabaseName("IX_deliveries_due");
            delivery.HasIndex(d => new { d.Lane, d.Subject, d.Sequence }).HasFilter(Pending).HasDatabaseName("IX_deliveries_order");
            delivery.HasIndex(d => new { d.Tenant, d.WebhookId, d.Id });
        });
        model.Entity<DeliveryAttemptRow>(attempt =>
        {
            attempt.ToTable("delivery_attempts");
            attempt.HasKey(a => new { a.DeliveryId, a.Number });
            attempt.Property(a => a.DeliveryId).HasMaxLength(40);
            attempt.Property(a => a.Response).HasMaxLength(1024);
            attempt.Property(a => a.Error).HasMaxLength(300);
            attempt.HasOne<DeliveryRow>().WithMany().HasForeignKey(a => a.DeliveryId);
        });
    }
}
