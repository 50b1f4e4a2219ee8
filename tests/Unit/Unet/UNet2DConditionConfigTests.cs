using FlexEdit.Models.Unet;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Unet;

public sealed class UNet2DConditionConfigTests
{
    [Fact]
    public void Takes_diffusers_defaults_for_absent_entries()
    {
        var config = UNet2DConditionConfig.Parse("{}");
        config.BlockOutChannels.ShouldBe([320, 640, 1280, 1280]);
        config.CrossAttentionDim.ShouldBe([1280]);
        config.AttentionHeadDim.ShouldBe([8]);
        config.NormNumGroups.ShouldBe(32);
        config.FlipSinToCos.ShouldBeTrue();
    }

    [Fact]
    public void Reads_numbers_and_lists_and_keeps_what_it_does_not_know()
    {
        var config = UNet2DConditionConfig.Parse("""{"_class_name":"UNet2DConditionModel","attention_head_dim":[5,10,20,20],"cross_attention_dim":1024,"use_linear_projection":true,"upcast_attention":true}""");
        config.AttentionHeadDim.ShouldBe([5, 10, 20, 20]);
        config.CrossAttentionDim.ShouldBe([1024]);
        config.UseLinearProjection.ShouldBeTrue();

        var again = UNet2DConditionConfig.Parse(config.Format());
        again.AttentionHeadDim.ShouldBe([5, 10, 20, 20]);
        again.Others["_class_name"].GetString().ShouldBe("UNet2DConditionModel");
    }

    [Fact]
    public void Names_every_entry_that_it_cannot_build()
    {
        var message = Should.Throw<NotSupportedException>(() => UNet2DConditionConfig.Parse(
            """{"class_embed_type":"timestep","addition_embed_type":"text_time","dropout":0.0,"down_block_types":["AttnDownBlock2D"],"attention_head_dim":[8,8]}""")).Message;
        message.ShouldContain("class_embed_type is \"timestep\"");
        message.ShouldContain("addition_embed_type is \"text_time\"");
        message.ShouldContain("down_block_types has 1 entries for 4 levels");
        message.ShouldContain("down_block_types has 'AttnDownBlock2D'");
        message.ShouldContain("attention_head_dim has 2 entries for 4 levels");
        message.ShouldNotContain("dropout");
    }

    [Fact]
    public void Refuses_widths_that_groups_or_heads_do_not_divide()
    {
        var message = Should.Throw<NotSupportedException>(() => (TinyUnet.Config with { NormNumGroups = 3, AttentionHeadDim = [2, 5] }).Validate()).Message;
        message.ShouldContain("block_out_channels has 8, which norm_num_groups 3 does not divide");
        message.ShouldContain("block_out_channels has 16, which its 5 heads do not divide");
    }
}
