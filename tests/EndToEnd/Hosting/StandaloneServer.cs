using FlexEdit.Cli.Api;
using FlexEdit.Tests.EndToEnd.Requests;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Hosting;

/// <summary>One server for all tests of the collection, started once with an empty data folder.</summary>
public sealed class StandaloneServer : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-e2e").FullName;
    private ServerProcess? _process;

    internal ServerProcess Process => _process ?? throw new InvalidOperationException("The server has not been started.");

    internal HttpClient Http => Process.Http;

    internal EditCalls Calls => new(Process);

    public async ValueTask InitializeAsync() => _process = await ServerProcess.StartAsync(_data);

    /// <summary>A client as other programs use it; the caller disposes it.</summary>
    public FlexEditClient Client() => new(Process.Address);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}

// One server at a time: memory and time are measured.
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ServerCollection : ICollectionFixture<StandaloneServer>
{
    public const string Name = "server";
}

/// <summary>Tests that start and kill servers of their own.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnServerCollection
{
    public const string Name = "own servers";
}
