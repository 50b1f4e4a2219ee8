using FlexEdit.Models.Autoencoders;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Autoencoders;

public sealed class AutoencoderKLConfigTests
{
    [Fact]
    public void Names_everything_that_is_not_implemented()
    {
        var message = Should.Throw<NotSupportedException>(() => AutoencoderKLConfig.FromJson(
            """{ "down_block_types": ["AttnDownEncoderBlock2D"], "act_fn": "relu", "latents_mean": [0.1], "block_out_channels": [40] }""")).Message;
        message.ShouldContain("AttnDownEncoderBlock2D");
        message.ShouldContain("act_fn=relu");
        message.ShouldContain("latents_mean");
        message.ShouldContain("norm_num_groups=32");
    }

    [Theory]
    [InlineData("encoder.mid_block.attentions.0.query.weight", "encoder.mid_block.attentions.0.to_q.weight")]
    [InlineData("encoder.mid_block.attentions.0.proj_attn.bias", "encoder.mid_block.attentions.0.to_out.0.bias")]
    [InlineData("decoder.conv_in.weight", "decoder.conv_in.weight")]
    public void Older_names_of_the_attention_are_understood(string older, string current) => AutoencoderKL.CurrentName(older).ShouldBe(current);
}
