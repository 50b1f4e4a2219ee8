using FlexEdit.Platform.Health;
using FlexEdit.Platform.Secrets;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Outbox;
using FlexEdit.Storage.Releasing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FlexEdit.Storage.Ledger;

/// <summary>Registers the ledger in the database that the settings name.</summary>
internal static class LedgerServices
{
    // Enough for the writers, the reads beside them and the health checks.
    private const int Connections = 40;

    public static void AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<SqlitePragmas>();
        services.AddSingleton<IDbContextFactory<LedgerContext>>(static provider => IsPostgres(provider)
            ? new PostgresContexts(new PooledDbContextFactory<PostgresLedgerContext>(Options<PostgresLedgerContext>(provider, UsePostgres)))
            : new PooledDbContextFactory<LedgerContext>(Options<LedgerContext>(provider, UseSqlite)));
        services.TryAddSingleton<ILedgerDatabase>(static provider => IsPostgres(provider)
            ? ActivatorUtilities.CreateInstance<PostgresLedger>(provider)
            : ActivatorUtilities.CreateInstance<SqliteLedger>(provider));
        services.AddSingleton<FreshMessages>();
        services.AddSingleton<ReleaseSignal>();
        services.AddSingleton<EditBell>();
        services.AddSingleton<ChangeNews>();
        services.AddSingleton<LedgerWriter>();
        services.AddSingleton<LedgerStart>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerStart>());
        services.AddHealthChecks().AddCheck<LedgerHealth>("ledger", tags: [HealthTags.Ready]);
    }

    private static bool IsPostgres(IServiceProvider provider) => Rules(provider).Database == StorageOptions.PostgreSql;

    private static StorageOptions Rules(IServiceProvider provider) => provider.GetRequiredService<IOptions<StorageOptions>>().Value;

    private static DbContextOptions<T> Options<T>(IServiceProvider provider, Action<IServiceProvider, DbContextOptionsBuilder> use)
        where T : LedgerContext
    {
        var options = new DbContextOptionsBuilder<T>().UseLoggerFactory(provider.GetService<ILoggerFactory>());
        use(provider, options);
        return options.Options;
    }

    private static void UseSqlite(IServiceProvider provider, DbContextOptionsBuilder options)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(Rules(provider).Ledger!),
            DefaultTimeout = 15,
        };
        options.UseSqlite(connection.ConnectionString).AddInterceptors(provider.GetRequiredService<SqlitePragmas>());
    }

    private static void UsePostgres(IServiceProvider provider, DbContextOptionsBuilder options)
    {
        var connection = new NpgsqlConnectionStringBuilder(Rules(provider).Postgres);
        // Only what the operator has not set. Silent connections are found within half a minute; no statement holds others up for long.
        Default("Application Name", "flexedit-storage");
        Default("Timeout", "3");
        Default("Command Timeout", "15");
        Default("Keepalive", "10");
        Default("Maximum Pool Size", $"{Connections}");
        // Nothing is left in a session that the next user could find, and a statement that comes again is planned once.
        Default("No Reset On Close", "true");
        Default("Max Auto Prepare", "200");
        Default("Options", "-c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s");
        var password = Rules(provider).PostgresPasswordFile is { Length: > 0 } file ? new Secret(null, file, provider.GetRequiredService<TimeProvider>()) : null;
        options.UseNpgsql(connection.ConnectionString, npgsql =>
        {
            npgsql.MigrationsHistoryTable("__EFMigrationsHistory");
            if (password is not null)
                npgsql.ConfigureDataSource(source => source.UsePasswordProvider(_ => password.Current!, (_, _) => ValueTask.FromResult(password.Current!)));
        });

        void Default(string name, string value)
        {
            if (!connection.ShouldSerialize(name))
                connection[name] = value;
        }
    }

    private sealed class PostgresContexts(PooledDbContextFactory<PostgresLedgerContext> contexts) : IDbContextFactory<LedgerContext>
    {
        public LedgerContext CreateDbContext() => contexts.CreateDbContext();

        public async Task<LedgerContext> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
            await contexts.CreateDbContextAsync(cancellationToken);
    }
}
