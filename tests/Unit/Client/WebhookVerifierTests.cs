using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using FlexEdit.Client.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Client;

public sealed class WebhookVerifierTests
{
    // The example of the specification's reference libraries.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Sent = 1614265330;
    private const string Published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] s_body = "{\"test\": 2432232314}"u8.ToArray();

    [Fact]
    public void Takes_the_published_example() => Verify(Published).ShouldBe(WebhookVerdict.Good);

    [Theory]
    [InlineData("v1,AAAA v2,xyz " + Published)]
    [InlineData(Published + " v1,AAAA")]
    [InlineData("v1a,c2ln " + Published)]
    public void One_good_signature_among_others_is_enough(string signatures) => Verify(signatures).ShouldBe(WebhookVerdict.Good);

    [Fact]
    public void While_a_secret_is_rotated_the_old_one_and_the_new_one_count()
    {
        var fresh = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        new WebhookVerifier([fresh, Secret], time: Clock()).Verify(Id, Timestamp(), Published, s_body).ShouldBe(WebhookVerdict.Good);
        new WebhookVerifier([fresh], time: Clock()).Verify(Id, Timestamp(), Published, s_body).ShouldBe(WebhookVerdict.SignatureWrong);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1,")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OI=")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Refuses_other_signatures(string signatures) => Verify(signatures).ShouldNotBe(WebhookVerdict.Good);

    [Fact]
    public void Looks_at_a_bounded_number_of_signatures() =>
        Verify(string.Join(' ', Enumerable.Repeat("v1,AAAA", 100)) + " " + Published).ShouldBe(WebhookVerdict.SignatureWrong);

    [Fact]
    public void Signs_the_raw_bytes_and_the_id()
    {
        var verifier = new WebhookVerifier(Secret, time: Clock());
        verifier.Verify(Id, Timestamp(), Published, "{\"test\":2432232314}"u8).ShouldBe(WebhookVerdict.SignatureWrong);
        verifier.Verify(Id + "x", Timestamp(), Published, s_body).ShouldBe(WebhookVerdict.SignatureWrong);
    }

    [Theory]
    [InlineData(-301, WebhookVerdict.FromTheFuture)]
    [InlineData(-300, WebhookVerdict.Good)]
    [InlineData(300, WebhookVerdict.Good)]
    [InlineData(301, WebhookVerdict.TooOld)]
    public void Is_fresh_for_five_minutes(int age, WebhookVerdict verdict) =>
        new WebhookVerifier(Secret, time: Clock(age)).Verify(Id, Timestamp(), Published, s_body).ShouldBe(verdict);

    [Theory]
    [InlineData("-5")]
    [InlineData("1614265330.5")]
    [InlineData("99999999999999999999")]
    [InlineData("soon")]
    public void Refuses_times_that_are_none(string timestamp) =>
        new WebhookVerifier(Secret, time: Clock()).Verify(Id, timestamp, Published, s_body).ShouldBe(WebhookVerdict.TimestampMalformed);

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64!")]
    public void Refuses_malformed_secrets(string secret) => Should.Throw<ArgumentException>(() => new WebhookVerifier(secret)).Message.ShouldContain("24 to 64");

    [Fact]
    public async Task Only_genuine_messages_reach_the_handler()
    {
        var token = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        var seen = new List<string>();
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            seen.Add(await reader.ReadToEndAsync(token));
            return Results.NoContent();
        }).VerifyWebhooks(new WebhookVerifier(Secret, time: Clock()));
        await app.StartAsync(token);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        (await SendAsync(client, Published, s_body)).ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(client, "v1,AAAA", s_body)).ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(client, Published, new byte[WebhookEndpoints.MostBytes + 1])).ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        seen.ShouldBe([Encoding.UTF8.GetString(s_body)]);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string signature, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hook") { Content = new ByteArrayContent(body) };
        request.Headers.Add(WebhookVerifier.IdHeader, Id);
        request.Headers.Add(WebhookVerifier.TimestampHeader, Timestamp());
        request.Headers.TryAddWithoutValidation(WebhookVerifier.SignatureHeader, signature);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static WebhookVerdict Verify(string signatures) => new WebhookVerifier(Secret, time: Clock()).Verify(Id, Timestamp(), signatures, s_body);

    private static string Timestamp() => Sent.ToString(CultureInfo.InvariantCulture);

    private static FakeTimeProvider Clock(int later = 0) => new(DateTimeOffset.FromUnixTimeSeconds(Sent + later));
}
