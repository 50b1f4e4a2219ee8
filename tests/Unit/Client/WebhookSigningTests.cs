using FlexEdit.Client.Webhooks;
using FlexEdit.Storage.Webhooks.Delivering;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
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
    public void Either_secret_of_a_rotation_verifies()
    {
        var (old, fresh) = (Signature.NewSecret(), Signature.NewSecret());
        var now = new DateTimeOffset(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);
        var signatures = Signature.Of("msg_1", now.ToUnixTimeSeconds(), "{}"u8, [fresh, old]);

        foreach (var secret in new[] { old, fresh })
            new WebhookVerifier(secret, time: new FakeTimeProvider(now)).Verify("msg_1", $"{now.ToUnixTimeSeconds()}", signatures, "{}"u8).ShouldBe(WebhookVerdict.Good);
        new WebhookVerifier(Signature.NewSecret(), time: new FakeTimeProvider(now)).Verify("msg_1", $"{now.ToUnixTimeSeconds()}", signatures, "{}"u8).ShouldBe(WebhookVerdict.SignatureWrong);
    }
}
