using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>Tests that share one <see cref="Hosting.Cloud"/>: before each, what an earlier one has left ended or altered is replaced.</summary>
[Collection(CloudCollection.Name)]
public abstract class CloudTest(Cloud cloud) : IAsyncLifetime
{
    protected Cloud Cloud { get; } = cloud;

    public virtual async ValueTask InitializeAsync() => await Cloud.MendAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
