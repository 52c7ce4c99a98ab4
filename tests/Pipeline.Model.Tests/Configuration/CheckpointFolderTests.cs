using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Configuration;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = new();

    [Fact]
    public void Absent_keys_of_the_text_config_take_Llamas_defaults_not_the_top_levels()
    {
        string facts = ReferenceData.Folder("golden", "facts", "v2_config_as_training_script_writes.json");
        File.Copy(facts, _checkpoint.PathOf("config.json"), overwrite: true);

        DragonflyConfig config = CheckpointFolder.ReadConfig(_checkpoint.Folder);

        Assert.Equal(DragonflyVersion.V2, config.Version);
        Assert.Equal((4_096, 14_336, 32, 32, 8, 128), (config.Language.HiddenSize, config.Language.IntermediateSize,
            config.Language.NumHiddenLayers, config.Language.NumAttentionHeads, config.Language.NumKeyValueHeads, config.Language.HeadDim));
        Assert.Equal((1_024, 24, 577), (config.Vision.HiddenSize, config.Vision.NumHiddenLayers, config.Vision.Tokens));
        Assert.Equal(2_098, config.ImagePositions);
        Assert.False(config.Language.TieWordEmbeddings);
        Assert.Null(config.Language.RopeScaling);
    }

    [Theory]
    [InlineData("v1", DragonflyVersion.V1, 867)]
    [InlineData("v2", DragonflyVersion.V2, 2_098)]
    public void The_towers_patches_tell_the_version(string folder, DragonflyVersion version, int positions)
    {
        DragonflyConfig config = CheckpointFolder.ReadConfig(ReferenceData.Folder("golden", folder, "model"));

        Assert.Equal(version, config.Version);
        Assert.Equal(positions, config.ImagePositions);
    }

    [Fact]
    public void A_clip_config_may_stand_by_itself()
    {
        DragonflyConfig config = CheckpointFolder.ReadConfig(ReferenceData.Folder("golden", "v2-sharded"));

        Assert.Equal((336, 14), (config.Vision.ImageSize, config.Vision.PatchSize));
    }

    [Fact]
    public void Other_geometries_state_their_version()
    {
        Assert.Equal(DragonflyVersion.V2, CheckpointFolder.ReadConfig(_checkpoint.Folder).Version);

        _checkpoint.Edit("config.json", "\"dragonfly_version\": 2,", "");

        Assert.Contains("add \"dragonfly_version\": 1 or 2", Assert.Throws<ModelLoadException>(() => CheckpointFolder.ReadConfig(_checkpoint.Folder)).Message);
    }

    [Fact]
    public void All_faults_come_at_once()
    {
        _checkpoint.Edit("config.json", "\"model_type\": \"dragonfly\"", "\"model_type\": \"llava\"");
        _checkpoint.Edit("config.json", "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3");
        _checkpoint.Edit("clip-tiny/config.json", "quick_gelu", "relu");

        var faults = Assert.Throws<ModelLoadException>(() => CheckpointFolder.ReadConfig(_checkpoint.Folder)).Faults;

        Assert.Collection(
            faults,
            fault => Assert.Contains("'llava'", fault),
            fault => Assert.Contains("num_key_value_heads 3", fault),
            fault => Assert.Contains("'relu'", fault));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        Assert.Contains("/no/such/folder/config.json' does not exist", Assert.Throws<ModelLoadException>(() => CheckpointFolder.ReadConfig("/no/such/folder")).Message);
    }

    public void Dispose() => _checkpoint.Dispose();
}
