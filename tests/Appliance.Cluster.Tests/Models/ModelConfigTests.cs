using Appliance.Cluster.Models;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Models;

public class ModelConfigTests
{
    [Theory]
    [InlineData("""{"architectures":["Qwen3ForCausalLM"],"max_position_embeddings":40960}""", "Chat", 40960)]
    [InlineData("""{"architectures":["Gemma4ForConditionalGeneration"],"vision_config":{"a":1},"text_config":{"max_position_embeddings":131072}}""", "Chat,Vision", 131072)]
    [InlineData("""{"architectures":["XLMRobertaModel"],"model_type":"xlm-roberta","max_position_embeddings":8194}""", "Embedding", 8194)]
    [InlineData("""{"architectures":["BertForMaskedLM"],"model_type":"bert"}""", "Embedding", null)]
    [InlineData("""{"architectures":["Qwen3Model"]}""", "Embedding", null)]
    [InlineData("""{"architectures":["XLMRobertaForSequenceClassification"],"model_type":"xlm-roberta"}""", "Rerank", null)]
    [InlineData("""{"architectures":["WhisperForConditionalGeneration"]}""", "Asr", null)]
    [InlineData("""{"architectures":["FluxTransformer2D"]}""", "", null)]
    [InlineData("""{"max_position_embeddings":"many","architectures":"x","text_config":[]}""", "", null)]
    [InlineData("[1]", "", null)]
    [InlineData("{", "", null)]
    [InlineData("", "", null)]
    [InlineData(null, "", null)]
    public void A_config_says_what_a_model_can_do(string? json, string capabilities, int? context)
    {
        var config = ModelConfig.Read(json);

        string.Join(',', config.Capabilities).ShouldBe(capabilities);
        config.ContextLength.ShouldBe(context);
    }

    [Fact]
    public void Any_text_is_read_without_an_exception() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => ModelConfig.Read(text) is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Deep_nesting_is_only_unknown() => ModelConfig.Read(new string('[', 60_000)).ShouldBe(ModelConfig.Unknown);
}
