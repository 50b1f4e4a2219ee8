using System.Security.Cryptography;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Objects;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Objects;

/// <summary>A store that is slow, full, or does not do what it says. A lie for a moment is survived; a lasting one ends with a sentence, never with a success.</summary>
public sealed class LyingStoreTests : IAsyncLifetime
{
    private const string Key = "tenants/default/edits/edit_1/output-0.png";
    private static readonly byte[] s_bytes = RandomNumberGenerator.GetBytes(150_000);
    private DishonestGateway? _gateway;
    private IObjectStore? _store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DishonestGateway Gateway => _gateway!;

    private IObjectStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        var server = await ObjectServers.GatewayAsync();
        _gateway = await DishonestGateway.StartAsync(server.Endpoint);
        var options = server.Options(ObjectServers.NewBucket());
        options.S3.Endpoint = _gateway.Endpoint;
        options.S3.StallTimeout = TimeSpan.FromSeconds(2);
        options.S3.Timeout = TimeSpan.FromSeconds(30);
        options.S3.Retries = 3;
        _store = RadosGateway.Open(options);
        // The first bucket of a server takes it a moment.
        using var patient = RadosGateway.Open(server.Options(options.S3.Bucket));
        await patient.CheckAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        (_store as IDisposable)?.Dispose();
        await Gateway.DisposeAsync();
    }

    public static TheoryData<string> Readings => ["truncated", "flipped", "slow-down", "stalled", "cut", "stalled-body"];

    public static TheoryData<string> Writings => ["forgotten", "wrong-tag", "spoilt", "slow-down", "stalled", "cut", "internal-error"];

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task Reads_the_truth_after_two_lies(string lie)
    {
        await Store.PutAsync(Key, s_bytes, "image/png", Token);
        Gateway.Lying = Times(2, HttpMethods.IsGet, LieNamed(lie));

        await using var found = await Store.OpenAsync(Key, Token);
        var read = new byte[s_bytes.Length];
        await found.ShouldNotBeNull().Content.ReadExactlyAsync(read, Token);

        read.ShouldBe(s_bytes);
        Gateway.Lies.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task Reads_nothing_from_a_store_that_always_lies(string lie)
    {
        await Store.PutAsync(Key, s_bytes, "image/png", Token);
        Gateway.Lying = Times(int.MaxValue, HttpMethods.IsGet, LieNamed(lie));

        await Should.ThrowAsync<ObjectStoreException>(() => Store.OpenAsync(Key, Token));
        Gateway.Lies.ShouldBe(4);
    }

    [Fact]
    public async Task Ends_with_a_sentence_when_connections_are_reset_while_they_are_made()
    {
        await using var proxy = new Faults.TcpProxy { Mode = Faults.ProxyMode.Reset };
        var server = await ObjectServers.GatewayAsync();
        var options = server.Options("bucket");
        options.S3.Endpoint = new Uri($"http://127.0.0.1:{proxy.Port}");
        options.S3.Retries = 0;
        using var store = RadosGateway.Open(options);

        // Some of them are reset between connect and the first look at the socket, which is another exception.
        for (var round = 0; round < 20; round++)
        {
            var failures = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Record.ExceptionAsync(() => store.ExistsAsync(Key, Token)).AsTask()));
            failures.ShouldAllBe(failure => failure is ObjectStoreException);
        }
    }

    [Theory]
    [MemberData(nameof(Writings))]
    public async Task Stores_in_spite_of_two_lies(string lie)
    {
        Gateway.Lying = Times(2, HttpMethods.IsPut, LieNamed(lie));
        await Store.PutAsync(Key, s_bytes, "image/png", Token);
        Gateway.Lies.ShouldBeGreaterThan(0);
        Gateway.Lying = null;

        await using var found = await Store.OpenAsync(Key, Token);
        var read = new byte[s_bytes.Length];
        await found.ShouldNotBeNull().Content.ReadExactlyAsync(read, Token);
        read.ShouldBe(s_bytes);
    }

    [Theory]
    [MemberData(nameof(Writings))]
    public async Task Never_says_stored_while_the_store_lies(string lie)
    {
        Gateway.Lying = Times(int.MaxValue, HttpMethods.IsPut, LieNamed(lie));
        if (lie == "wrong-tag")
        {
            // The bytes are there and were read back: a wrong tag alone is no loss.
            await Store.PutAsync(Key, s_bytes, "image/png", Token);
            return;
        }
        await Should.ThrowAsync<ObjectStoreException>(() => Store.PutAsync(Key, s_bytes, "image/png", Token));
        Gateway.Lying = null;
        (await Store.ExistsAsync(Key, Token)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(507, "InsufficientStorage")]
    [InlineData(403, "QuotaExceeded")]
    public async Task A_full_store_is_said_at_once(int status, string code)
    {
        Gateway.Lying = Times(int.MaxValue, HttpMethods.IsPut, (context, _) => RefuseAsync(context, status, code));

        (await Should.ThrowAsync<ObjectStoreException>(() => Store.PutAsync(Key, s_bytes, "image/png", Token))).Message.ShouldContain("is full");
        Gateway.Lies.ShouldBe(1);
        (await Should.ThrowAsync<ObjectStoreException>(() => Store.CheckAsync(Token))).Message.ShouldContain("is full");
    }

    [Fact]
    public async Task What_is_missing_for_a_moment_is_not_missing()
    {
        await Store.PutAsync(Key, s_bytes, "image/png", Token);
        Gateway.Lying = Times(2, HttpMethods.IsGet, (context, _) => RefuseAsync(context, 404, "NoSuchKey"));

        await using var found = await Store.OpenAsync(Key, Token);
        found.ShouldNotBeNull().Length.ShouldBe(s_bytes.Length);
    }

    [Fact]
    public async Task A_bucket_that_vanishes_is_made_again()
    {
        Gateway.Lying = Times(1, HttpMethods.IsPut, (context, _) => RefuseAsync(context, 404, "NoSuchBucket"));
        await Store.PutAsync(Key, s_bytes, "image/png", Token);
        Gateway.Lies.ShouldBe(1);
        (await Store.ExistsAsync(Key, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_heard_at_once()
    {
        Gateway.Lying = LieNamed("stalled");
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Should.ThrowAsync<OperationCanceledException>(() => Store.PutAsync(Key, s_bytes, "image/png", impatient.Token));
    }

    [Fact]
    public async Task Parts_that_were_refused_are_sent_again()
    {
        var large = RandomNumberGenerator.GetBytes(40_000_000);
        Gateway.Lying = Times(1, HttpMethods.IsPut, (context, _) => RefuseAsync(context, 503, "SlowDown"));
        await Store.PutAsync(Key, large, "image/png", Token);

        Gateway.Lies.ShouldBe(1);
        await using var found = await Store.OpenAsync(Key, Token);
        Convert.ToHexStringLower(await SHA256.HashDataAsync(found.ShouldNotBeNull().Content, Token)).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(large)));
    }

    private static DishonestGateway.Lie Times(int times, Func<string, bool> method, DishonestGateway.Lie lie)
    {
        var left = times;
        return async (context, gateway) => method(context.Request.Method) && Interlocked.Decrement(ref left) >= 0 && await lie(context, gateway);
    }

    private static DishonestGateway.Lie LieNamed(string name) => name switch
    {
        "truncated" => async (context, gateway) =>
        {
            using var answer = await gateway.AskAsync(context);
            context.Response.ContentLength = answer.Content.Headers.ContentLength;
            await context.Response.Body.WriteAsync((await answer.Content.ReadAsByteArrayAsync(Token)).AsMemory(0, 1000), Token);
            await context.Response.Body.FlushAsync(Token);
            context.Abort();
            return true;
        }
        ,
        "stalled-body" => async (context, gateway) =>
        {
            using var answer = await gateway.AskAsync(context);
            context.Response.ContentLength = answer.Content.Headers.ContentLength;
            await context.Response.Body.WriteAsync((await answer.Content.ReadAsByteArrayAsync(Token)).AsMemory(0, 1000), Token);
            await context.Response.Body.FlushAsync(Token);
            await GoneAsync(context);
            return true;
        }
        ,
        "flipped" => async (context, gateway) =>
        {
            using var answer = await gateway.AskAsync(context);
            await DishonestGateway.PassAsync(context, answer, Flipped);
            return true;
        }
        ,
        "wrong-tag" => async (context, gateway) =>
        {
            using var answer = await gateway.AskAsync(context);
            if (answer.Headers.Remove("ETag"))
                answer.Headers.TryAddWithoutValidation("ETag", "\"00000000000000000000000000000000\"");
            await DishonestGateway.PassAsync(context, answer);
            return true;
        }
        ,
        "forgotten" => async (context, _) =>
        {
            var digest = await MD5OfAsync(context.Request.Body);
            context.Response.Headers.ETag = $"\"{digest}\"";
            return true;
        }
        ,
        "spoilt" => async (context, gateway) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, Token);
            var digest = await MD5OfAsync(new MemoryStream(body.ToArray()));
            context.Request.Body = new MemoryStream(Flipped(body.ToArray()));
            context.Request.Headers.Remove("Content-MD5");
            using var answer = await gateway.AskAsync(context);
            if (answer.Headers.Remove("ETag"))
                answer.Headers.TryAddWithoutValidation("ETag", $"\"{digest}\"");
            await DishonestGateway.PassAsync(context, answer);
            return true;
        }
        ,
        "slow-down" => (context, _) => RefuseAsync(context, 503, "SlowDown"),
        "internal-error" => (context, _) => RefuseAsync(context, 500, "InternalError"),
        "stalled" => async (context, _) =>
        {
            await GoneAsync(context);
            return true;
        }
        ,
        "cut" => (context, _) =>
        {
            context.Abort();
            return Task.FromResult(true);
        }
        ,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static async Task<bool> RefuseAsync(HttpContext context, int status, string code)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, Token);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>", Token);
        return true;
    }

    private static async Task GoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using (context.RequestAborted.Register(gone.SetResult))
            await gone.Task;
    }

    private static byte[] Flipped(byte[] bytes)
    {
        if (bytes.Length > 0)
            bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

#pragma warning disable CA5351 // S3's checksum.
    private static async Task<string> MD5OfAsync(Stream content) => Convert.ToHexStringLower(await MD5.HashDataAsync(content, Token));
#pragma warning restore CA5351
}
