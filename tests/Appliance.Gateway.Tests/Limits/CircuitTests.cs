using Appliance.Gateway.Limits;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Limits;

public sealed class CircuitTests
{
    [Fact]
    public void Two_failures_are_no_reason_to_stop_trying_the_third_is()
    {
        var circuit = Circuit.Closed.Fail(At(0), At(0)).Fail(At(1), At(1));
        circuit.Closes(At(1)).ShouldBeNull();

        circuit = circuit.Fail(At(2), At(2));
        circuit.Closes(At(2)).ShouldBe(TimeSpan.FromSeconds(2));
        circuit.Closes(At(4)).ShouldBeNull();
    }

    [Fact]
    public void Server_that_is_away_for_a_blink_is_tried_again_at_once_however_many_met_it()
    {
        var circuit = Circuit.Closed;
        for (var request = 0; request < 64; request++)
        {
            circuit = circuit.Fail(At(1), At(1.005));
        }

        circuit.Closes(At(1.006)).ShouldBeNull();
        circuit.Fail(At(1.5), At(1.5)).Closes(At(1.5)).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Attempts_that_waited_in_vain_count_from_their_beginning()
    {
        var circuit = Circuit.Closed.Fail(At(0), At(3)).Fail(At(0), At(3)).Fail(At(0), At(3));

        circuit.Closes(At(3)).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Those_who_were_on_the_way_do_not_make_the_pause_longer()
    {
        var circuit = Open(At(0));

        for (var request = 0; request < 64; request++)
        {
            circuit = circuit.Fail(At(-3), At(0.1));
        }

        circuit.Closes(At(0)).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void After_the_pause_one_request_tries_for_all()
    {
        var circuit = Open(At(0));
        circuit.Closes(At(2)).ShouldBeNull();

        circuit = circuit.Try(At(2));

        circuit.Closes(At(2)).ShouldBe(TimeSpan.FromSeconds(4));
        circuit.Closes(At(6)).ShouldBeNull();
    }

    [Fact]
    public void Pauses_grow_to_a_bound()
    {
        var circuit = Open(At(0));
        var now = At(0);
        var pauses = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var pause = circuit.Closes(now)!.Value;
            pauses.Add(pause.TotalSeconds);
            now += pause;
            circuit = circuit.Try(now).Fail(now, now);
        }

        pauses[..5].ShouldBe([2, 4, 8, 15, 15]);
        pauses.Max().ShouldBe(15);
    }

    private static Circuit Open(TimeSpan now) => Circuit.Closed.Fail(At(-1), now).Fail(At(-1), now).Fail(At(-1), now);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
