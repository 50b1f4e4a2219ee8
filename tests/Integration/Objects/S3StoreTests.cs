using System.Net;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Objects;
using Minio;
using Minio.DataModel.Args;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Objects;

/// <summary>The store in a bucket of a real S3 server.</summary>
public sealed class S3StoreTests : ObjectStoreConformance
{
    private const string Key = "tenants/default/edits/edit_1/output-0.png";
    private readonly string _bucket = ObjectServers.NewBucket();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_leads_to_the_object_and_to_no_other()
    {
        await Store.PutAsync(Key, [1, 2, 3], "image/png", Token);
        var link = (await Store.LinkAsync(Key, Token)).ShouldNotBeNull();

        using var http = new HttpClient();
        (await http.GetByteArrayAsync(link, Token)).ShouldBe([1, 2, 3]);
        using var other = await http.GetAsync(new Uri(link.AbsoluteUri.Replace("output-0", "output-1", StringComparison.Ordinal)), Token);
        other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Spoilt_content_is_replaced_when_it_is_uploaded_again()
    {
        byte[] bytes = [1, 2, 3, 4];
        var key = ObjectKeys.Upload("default", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        await SpoilAsync(key, [9, 9, 9, 9]);
        await Store.PutAsync(key, bytes, "image/png", Token);

        (await ReadAsync(key)).ShouldBe(bytes);
    }

    [Theory]
    [InlineData("nobody", "integration-secret", "InvalidAccessKeyId")]
    [InlineData("integration", "not-the-secret", "SignatureDoesNotMatch")]
    public async Task Wrong_credentials_are_said_and_not_tried_again(string accessKey, string secretKey, string code)
    {
        var server = await ObjectServers.GatewayAsync();
        var options = server.Options(_bucket);
        (options.S3.AccessKey, options.S3.SecretKey) = (accessKey, secretKey);
        using var store = RadosGateway.Open(options);

        var writing = await Should.ThrowAsync<ObjectStoreException>(() => store.PutAsync(Key, [1], "image/png", Token));
        writing.Message.ShouldContain(code);
        writing.Message.ShouldContain("FLEXEDIT__Objects__S3__AccessKey");
        (await Should.ThrowAsync<ObjectStoreException>(() => store.CheckAsync(Token))).Message.ShouldContain(code);
        (await Should.ThrowAsync<ObjectStoreException>(() => store.OpenAsync(Key, Token))).Message.ShouldContain(code);
        await Should.ThrowAsync<ObjectStoreException>(() => store.DeleteAsync(Key, Token));
    }

    [Fact]
    public async Task A_server_that_is_away_is_said()
    {
        var options = (await ObjectServers.GatewayAsync()).Options(_bucket);
        options.S3.Endpoint = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        using var store = RadosGateway.Open(options);

        (await Should.ThrowAsync<ObjectStoreException>(() => store.PutAsync(Key, [1], "image/png", Token))).Message.ShouldContain("cannot be reached");
        (await Should.ThrowAsync<ObjectStoreException>(() => store.CheckAsync(Token))).Message.ShouldContain("cannot be reached");
        await Should.ThrowAsync<ObjectStoreException>(() => store.DeleteUnderAsync("tenants/default", Token));
    }

    private protected override async Task<IObjectStore> NewStoreAsync() => RadosGateway.Open((await ObjectServers.GatewayAsync()).Options(_bucket));

    private protected override async Task SpoilAsync(string key, byte[] bytes)
    {
        using var client = new MinioClient().WithEndpoint((await ObjectServers.GatewayAsync()).Endpoint.Authority)
            .WithCredentials(RadosGateway.AccessKey, RadosGateway.SecretKey).WithRegion("us-east-1").Build();
        if (!await client.BucketExistsAsync(new BucketExistsArgs().WithBucket(_bucket), Token))
            await client.MakeBucketAsync(new MakeBucketArgs().WithBucket(_bucket), Token);
        using var content = new MemoryStream(bytes);
        await client.PutObjectAsync(new PutObjectArgs().WithBucket(_bucket).WithObject(key).WithStreamData(content).WithObjectSize(bytes.Length), Token);
    }
}
