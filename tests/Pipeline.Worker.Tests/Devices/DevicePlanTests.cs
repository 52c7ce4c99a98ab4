using Pipeline.Worker.Devices;

namespace Pipeline.Worker.Tests.Devices;

public sealed class DevicePlanTests
{
    [Fact]
    public void Each_device_but_the_first_gets_a_process_that_sees_it_alone_on_the_next_port()
    {
        var plans = DevicePlan.Of(["cuda:0", "cuda:1", "cuda:2"], visible: null, "http://+:8080");

        Assert.Equal([new("cuda:1", "1", "http://+:8081"), new("cuda:2", "2", "http://+:8082")], plans);
        Assert.All(plans, plan => Assert.Equal("cuda:0", plan.OwnDevice));
    }

    [Fact]
    public void Indices_count_among_the_cards_that_this_process_sees() =>
        Assert.Equal(["5", "GPU-1f"], DevicePlan.Of(["cuda:2", "cuda:0", "cuda:1"], "5, GPU-1f,7", "http://0.0.0.0:9000/").Select(plan => plan.Visible));

    [Theory]
    [InlineData(null)]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("https://host:8443")]
    public void Without_a_port_to_count_from_any_free_one_of_this_machine_is_taken(string? urls) =>
        Assert.Equal("http://127.0.0.1:0", DevicePlan.Of(["cpu", "cpu"], null, urls).Single().Urls);

    [Fact]
    public void A_processor_is_no_card()
    {
        var plan = DevicePlan.Of(["cuda:0", "cpu"], null, null).Single();

        Assert.Equal(("cpu", null), (plan.OwnDevice, plan.Visible));
    }

    [Fact]
    public void One_device_needs_no_other_process() => Assert.Empty(DevicePlan.Of(["cuda:0"], null, "http://+:8080"));
}
