using FlexEdit.Tests.Integration.Hosting;
using Xunit;

[assembly: AssemblyFixture(typeof(Servers))]

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>One server of each kind for the whole test run, started when first asked for.</summary>
public sealed class Servers : IAsyncLifetime
{
    private static Lazy<Task<PostgresServer>> s_postgres = new(PostgresServer.StartAsync);
    private static Lazy<Task<RabbitMqServer>> s_rabbitMq = new(RabbitMqServer.StartAsync);

    internal static Task<PostgresServer> PostgresAsync() => s_postgres.Value;

    internal static Task<RabbitMqServer> RabbitMqAsync() => s_rabbitMq.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (s_postgres.IsValueCreated)
            await (await s_postgres.Value).DisposeAsync();
        if (s_rabbitMq.IsValueCreated)
            await (await s_rabbitMq.Value).DisposeAsync();
        s_postgres = new(PostgresServer.StartAsync);
        s_rabbitMq = new(RabbitMqServer.StartAsync);
    }
}

/// <summary>Tests that stop servers or measure time: none runs beside another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
