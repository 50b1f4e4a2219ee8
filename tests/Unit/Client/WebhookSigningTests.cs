using FlexEdit.Client.Webhooks;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using StandardWebhooks;
using Xunit;

namespace FlexEdit.Tests.Unit.Client;

/// <summary>What storage signs, the client verifies; and both agree with the example of the specification's reference libraries.</summary>
public sealed class WebhookSigningTests
{
    [Fact]
    public void Signs_the_published_example() => Signature
        .Of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void Signs_the_published_example_of_the_asymmetric_signature() => Keys(
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==", "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=")
        .Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8)
        .ShouldBe(Enumerable.Repeat("v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==", 2));

    [Fact]
    public void Publishes_only_the_public_half()
    {
        var key = Keys("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=").Public.Keys.ShouldHaveSingleItem();

        (key.Kty, key.Crv, key.X).ShouldBe(("OKP", "Ed25519", "1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsk_")]
    [InlineData("whsk_%")]
    [InlineData("whsk_6Xb/")]
    [InlineData("whsec_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=")]
    [InlineData("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")]
    [InlineData("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlaaaaaaaaaaAJ6p9lMicMFs6Kvg==")]
    public void Takes_nothing_else_for_a_signing_key(string key)
    {
        var fault = new WebhookOptions { SigningKeys = { key } }.Faults().ShouldHaveSingleItem();

        fault.ShouldStartWith("FLEXEDIT__Webhooks__SigningKeys__0 is no Ed25519 key; set it to");
        if (key.Length > 10)
            fault.ShouldNotContain(key);
    }

    [Fact]
    public void The_other_library_of_the_standard_for_this_platform_takes_them_too()
    {
        var secret = Signature.NewSecret();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signatures = string.Join(' ', [Signature.Of("msg_1", now, "{}"u8, [secret]), .. Keys("whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=").Sign("msg_1", now, "{}"u8)]);
        var headers = new HeaderDictionary { ["webhook-id"] = "msg_1", ["webhook-timestamp"] = $"{now}", ["webhook-signature"] = signatures };

        Should.NotThrow(() => new StandardWebhook(secret).Verify("{}", headers));
        Should.Throw<Exception>(() => new StandardWebhook(secret).Verify("{} ", headers));
    }

    [Fact]
    public void Either_secret_of_a_rotation_verifies()
    {
        var (old, fresh) = (Signature.NewSecret(), Signature.NewSecret());
        var now = new DateTimeOffset(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);
        var signatures = Signature.Of("msg_1", now.ToUnixTimeSeconds(), "{}"u8, [fresh, old]);

        foreach (var secret in new[] { old, fresh })
            new WebhookVerifier(secret, time: new FakeTimeProvider(now)).Verify("msg_1", $"{now.ToUnixTimeSeconds()}", signatures, "{}"u8).ShouldBe(WebhookVerdict.Good);
        new WebhookVerifier(Signature.NewSecret(), time: new FakeTimeProvider(now)).Verify("msg_1", $"{now.ToUnixTimeSeconds()}", signatures, "{}"u8).ShouldBe(WebhookVerdict.SignatureWrong);
    }

    private static SigningKeys Keys(params string[] keys)
    {
        var options = new WebhookOptions();
        options.SigningKeys.AddRange(keys);
        return new SigningKeys(Options.Create(options), TimeProvider.System);
    }
}
