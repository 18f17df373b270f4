using Appliance.Gateway.Limits;
using Shouldly;
using Xunit;

namespace Appliance.Gateway.Tests.Limits;

public sealed class FairLineTests
{
    [Fact]
    public void Callers_take_turns_and_each_callers_own_are_in_order()
    {
        var line = new FairLine<string>();
        foreach (var item in (string[])["a1", "a2", "a3", "b1", "c1", "b2"])
        {
            line.Add(item[..1], item);
        }

        TakeAll(line).ShouldBe(["a1", "b1", "c1", "a2", "b2", "a3"]);
        line.Count.ShouldBe(0);
    }

    [Fact]
    public void One_question_does_not_wait_behind_a_batch()
    {
        var line = new FairLine<string>();
        for (var i = 0; i < 500; i++)
        {
            line.Add("batch", $"batch{i}");
        }

        line.Add("person", "question");

        line.TryTake(out _).ShouldBeTrue();
        line.TryTake(out var second).ShouldBeTrue();
        second.ShouldBe("question");
    }

    [Fact]
    public void Full_line_makes_room_at_the_cost_of_who_has_most_and_of_nobody_else()
    {
        var line = new FairLine<string>();
        line.Add("a", "a1");
        line.Add("a", "a2");
        line.Add("a", "a3");
        line.Add("b", "b1");

        line.TryTakeFromLongest("c", out var displaced).ShouldBeTrue();
        displaced.ShouldBe("a3");
        line.TryTakeFromLongest("a", out _).ShouldBeFalse();
        line.TryTakeFromLongest("b", out _).ShouldBeFalse("then b would have more than a");
        line.Count.ShouldBe(3);
        new FairLine<string>().TryTakeFromLongest("a", out _).ShouldBeFalse();
    }

    [Fact]
    public void Random_comings_and_goings_lose_nobody_serve_nobody_twice_and_stay_fair()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var line = new FairLine<int>();
            var places = new Dictionary<int, FairLine<int>.Place>();
            var model = new Dictionary<string, List<int>>(StringComparer.Ordinal);
            var servedSince = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var step = 0; step < 400; step++)
            {
                var caller = $"c{random.Next(5)}";
                switch (random.Next(4))
                {
                    case 0 or 1:
                        places[step] = line.Add(caller, step);
                        if (!model.TryGetValue(caller, out var own))
                        {
                            model[caller] = own = [];
                        }

                        own.Add(step);
                        break;
                    case 2 when line.TryTake(out var taken):
                        var (whose, items) = model.Single(entry => entry.Value.Contains(taken));
                        items[0].ShouldBe(taken, $"seed {seed}: the oldest of its caller");
                        items.RemoveAt(0);
                        foreach (var other in model.Where(entry => entry.Value.Count > 0 && entry.Key != whose).Select(entry => entry.Key))
                        {
                            servedSince[other] = servedSince.GetValueOrDefault(other) + 1;
                            servedSince[other].ShouldBeLessThanOrEqualTo(5, $"seed {seed}: {other} waits while others are served again and again");
                        }

                        servedSince[whose] = 0;
                        places.Remove(taken);
                        break;
                    case 3 when places.Count > 0:
                        var leaving = places.Keys.ElementAt(random.Next(places.Count));
                        line.Remove(places[leaving]).ShouldBeTrue();
                        line.Remove(places[leaving]).ShouldBeFalse();
                        model.Values.Count(list => list.Remove(leaving)).ShouldBe(1);
                        places.Remove(leaving);
                        break;
                }

                foreach (var gone in model.Where(entry => entry.Value.Count == 0).Select(entry => entry.Key))
                {
                    servedSince[gone] = 0;
                }

                line.Count.ShouldBe(model.Values.Sum(list => list.Count));
            }

            TakeAll(line).Order().ShouldBe(model.Values.SelectMany(list => list).Order());
        }
    }

    private static List<T> TakeAll<T>(FairLine<T> line)
        where T : notnull
    {
        var taken = new List<T>();
        while (line.TryTake(out var item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
