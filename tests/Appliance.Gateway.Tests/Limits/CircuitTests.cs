using Appliance.Gateway.Limits;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Limits;

public sealed class CircuitTests
{
    [Fact]
    public void Two_failures_are_no_reason_to_stop_trying_the_third_is()
    {
        var circuit = Circuit.Closed.Fail(At(0)).Fail(At(1));
        circuit.Closes(At(1)).ShouldBeNull();

        circuit = circuit.Fail(At(2));
        circuit.Closes(At(2)).ShouldBe(TimeSpan.FromSeconds(2));
        circuit.Closes(At(4)).ShouldBeNull();
    }

    [Fact]
    public void After_the_pause_one_request_tries_for_all()
    {
        var circuit = Circuit.Closed.Fail(At(0)).Fail(At(0)).Fail(At(0));

        circuit = circuit.Try(At(2));

        circuit.Closes(At(2)).ShouldBe(TimeSpan.FromSeconds(2));
        circuit.Closes(At(4)).ShouldBeNull();
    }

    [Fact]
    public void Pauses_grow_to_a_bound()
    {
        var circuit = Circuit.Closed;
        var pauses = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            circuit = circuit.Fail(At(i));
            pauses.Add(circuit.Closes(At(i))?.TotalSeconds ?? 0);
        }

        pauses[..6].ShouldBe([0, 0, 2, 4, 8, 15]);
        pauses.Max().ShouldBe(15);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
