using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Batches;

/// <summary>The bodies of the batches that are at work, kept open while their lines follow one another: a store far away sends each of them once.</summary>
internal sealed class BatchBodies(IObjectStore objects) : IAsyncDisposable
{
    private const int MostOpen = 4;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<(string Key, StoredObject Body)> _open = [];

    /// <summary>One line of a batch as a file in <paramref name="folder"/>.</summary>
    /// <exception cref="ProblemException">410: the body is gone.</exception>
    public async Task<Upload> ReadAsync(TakenLine line, UploadFolder folder, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var content = (await OpenAsync(ObjectKeys.BatchBody(line.Tenant, line.BatchId), cancellationToken)).Content;
            var bytes = new byte[line.Part.Length];
            content.Position = line.Part.Offset;
            await content.ReadExactlyAsync(bytes, cancellationToken);
            return await UploadWriter.CopyAsync(new MemoryStream(bytes), folder.NewPath(), bytes.Length, "The line", cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, body) in _open)
            await body.DisposeAsync();
        _turn.Dispose();
    }

    private async Task<StoredObject> OpenAsync(string key, CancellationToken cancellationToken)
    {
        if (_open.Find(known => known.Key == key) is { Body: { } body })
            return body;
        var opened = await objects.OpenAsync(key, cancellationToken)
            ?? throw new ProblemException(new Problem { Status = 410, Code = ErrorCodes.DataRemoved, Detail = "The batch's body is no longer stored." });
        if (_open.Count == MostOpen)
        {
            await _open[0].Body.DisposeAsync();
            _open.RemoveAt(0);
        }
        _open.Add((key, opened));
        return opened;
    }
}
