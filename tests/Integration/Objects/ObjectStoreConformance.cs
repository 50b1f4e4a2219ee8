using System.Security.Cryptography;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Objects.S3;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Objects;

/// <summary>What every object store promises; run against each.</summary>
public abstract class ObjectStoreConformance : IAsyncLifetime
{
    private const string Key = "tenants/default/edits/edit_1/output-0.png";
    private static readonly byte[] s_bytes = RandomNumberGenerator.GetBytes(100_000);
    private IObjectStore? _store;

    private protected IObjectStore Store => _store ?? throw new InvalidOperationException("Not started.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await NewStoreAsync();

    public virtual ValueTask DisposeAsync()
    {
        (_store as IDisposable)?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("tenants/default/edits/edit_1/output-0.png", "image/png")]
    [InlineData("tenants/default/edits/edit_1/embedding.safetensors", "application/octet-stream")]
    [InlineData("tenants/default/uploads/ab/plain", "image/x-special")]
    public async Task Returns_what_was_stored_with_its_type(string key, string contentType)
    {
        await Store.PutAsync(key, s_bytes, contentType, Token);

        await using var found = await Store.OpenAsync(key, Token);
        found.ShouldNotBeNull();
        found.ContentType.ShouldBe(contentType);
        found.Length.ShouldBe(s_bytes.Length);
        found.Content.CanSeek.ShouldBeTrue();
        found.Content.Position = 50_000;
        (await AllAsync(found.Content)).ShouldBe(s_bytes[50_000..]);
        (await Store.ExistsAsync(key, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Knows_nothing_of_what_was_never_stored()
    {
        (await Store.OpenAsync(Key, Token)).ShouldBeNull();
        (await Store.ExistsAsync(Key, Token)).ShouldBeFalse();
        await Store.DeleteAsync(Key, Token);
        await Store.DeleteUnderAsync("tenants/default/edits/edit_1", Token);
    }

    [Fact]
    public async Task Stores_nothing_at_all_as_an_object()
    {
        await Store.PutAsync(Key, [], "image/png", Token);

        (await Store.ExistsAsync(Key, Token)).ShouldBeTrue();
        (await ReadAsync(Key)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Leaves_an_object_that_is_written_again()
    {
        await Store.PutAsync(Key, s_bytes, "image/png", Token);
        await Store.PutAsync(Key, [1, 2, 3], "image/png", Token);

        (await ReadAsync(Key)).ShouldBe(s_bytes);
    }

    [Fact]
    public async Task Takes_the_rest_of_a_stream_that_stands_in_the_middle()
    {
        using var content = new MemoryStream(s_bytes) { Position = 10 };
        await Store.PutAsync(Key, content, "image/png", Token);

        (await ReadAsync(Key)).ShouldBe(s_bytes[10..]);
    }

    [Fact]
    public async Task Many_writers_of_one_key_leave_one_whole_object()
    {
        byte[][] candidates = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Repeat((byte)i, 200_000 + i).ToArray())];
        await Task.WhenAll(candidates.Select(bytes => Store.PutAsync(Key, bytes, "image/png", Token)));

        var stored = await ReadAsync(Key);
        candidates.Count(candidate => candidate.AsSpan().SequenceEqual(stored)).ShouldBe(1);
    }

    [Fact]
    public async Task Removes_what_is_under_a_prefix_and_nothing_beside_it()
    {
        string[] under = [.. Enumerable.Range(0, 30).Select(i => $"tenants/default/edits/edit_1/a/{i}.png")];
        string[] beside = ["tenants/default/edits/edit_10/a.png", "tenants/default/edits/edit_2/b.png"];
        foreach (var key in under.Concat(beside))
            await Store.PutAsync(key, [1], "image/png", Token);

        await Store.DeleteUnderAsync("tenants/default/edits/edit_1", Token);

        foreach (var key in under)
            (await Store.ExistsAsync(key, Token)).ShouldBeFalse();
        foreach (var key in beside)
            (await Store.ExistsAsync(key, Token)).ShouldBeTrue();
        await Store.DeleteAsync(beside[0], Token);
        (await Store.ExistsAsync(beside[0], Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Streams_what_it_stores_and_returns()
    {
        const int Bytes = 16_000_000;
        await Store.CheckAsync(Token);
        // Others in this process allocate too: the quietest of three times counts.
        var least = long.MaxValue;
        for (var time = 0; time < 3; time++)
        {
            var key = $"tenants/default/edits/edit_1/output-{time}.png";
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await Store.PutAsync(key, new Endless(Bytes), "image/png", Token);
            await using (var found = await Store.OpenAsync(key, Token))
                (await DigestAsync(found!.Content)).ShouldBe(await DigestAsync(new Endless(Bytes)));
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        // Many small pieces; to hold the whole once, on either way, would take more.
        least.ShouldBeLessThan(Bytes * 3L / 4);
    }

    [Fact]
    public async Task Stores_more_than_one_part_holds()
    {
        const int Bytes = (int)(2.5 * S3ObjectStore.PartsAbove);
        await Store.PutAsync(Key, new Endless(Bytes), "image/png", Token);

        await using var found = await Store.OpenAsync(Key, Token);
        found!.Length.ShouldBe(Bytes);
        found.ContentType.ShouldBe("image/png");
        (await DigestAsync(found.Content)).ShouldBe(await DigestAsync(new Endless(Bytes)));
    }

    [Fact]
    public async Task An_input_that_is_not_what_its_key_says_is_not_read()
    {
        var key = ObjectKeys.Upright("default", Convert.ToHexStringLower(SHA256.HashData(s_bytes)));
        await Store.PutAsync(key, s_bytes, "image/png", Token);
        (await Store.ReadInputAsync(key, "scene", Token)).ShouldBe(s_bytes);

        var spoilt = s_bytes.ToArray();
        spoilt[77_777] ^= 1;
        await SpoilAsync(key, spoilt);

        await Should.ThrowAsync<ObjectStoreException>(() => Store.ReadInputAsync(key, "scene", Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData("/absolute")]
    [InlineData("tenants//edits")]
    [InlineData("UPPER")]
    public async Task Refuses_keys_that_are_none(string key) =>
        await Should.ThrowAsync<ArgumentException>(() => Store.PutAsync(key, s_bytes, "image/png", Token));

    [Fact]
    public async Task Can_be_written_now() => await Store.CheckAsync(Token);

    private protected abstract Task<IObjectStore> NewStoreAsync();

    /// <summary>Replaces an object's bytes behind the store's back.</summary>
    private protected abstract Task SpoilAsync(string key, byte[] bytes);

    private protected async Task<byte[]> ReadAsync(string key)
    {
        await using var found = await Store.OpenAsync(key, Token);
        return await AllAsync(found.ShouldNotBeNull().Content);
    }

    private static async Task<byte[]> AllAsync(Stream content)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Token);
        return copy.ToArray();
    }

    private static async Task<string> DigestAsync(Stream content) => Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Token));

    /// <summary>Bytes that come and cannot be asked for again.</summary>
    private sealed class Endless(long length) : Stream
    {
        private long _given;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var now = (int)Math.Min(count, length - _given);
            for (var i = 0; i < now; i++, _given++)
                buffer[offset + i] = (byte)((_given * 2654435761L) >> 24);
            return now;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
