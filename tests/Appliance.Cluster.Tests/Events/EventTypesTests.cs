using System.Reflection;
using Appliance.Cluster.Events;
using Shouldly;
using Xunit;

namespace Appliance.Cluster.Tests.Events;

public sealed class EventTypesTests
{
    public static TheoryData<string> Types => [.. EventTypes.All];

    [Fact]
    public void Every_constant_is_a_type_and_has_a_list_of_details()
    {
        var constants = typeof(EventTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).ToArray();

        constants.ShouldNotBeEmpty();
        EventTypes.All.Order(StringComparer.Ordinal).ShouldBe(constants.Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal));
        foreach (var field in constants)
        {
            field.GetCustomAttribute<EventDetailsAttribute>().ShouldNotBeNull($"EventTypes.{field.Name} has no [EventDetails(…)]: say which details it may carry, or none.");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Type_and_its_details_are_short_words(string type)
    {
        foreach (var word in EventTypes.FindDetails(type)!.Append(type))
        {
            word.ShouldMatch("^[a-z][a-z0-9_]{0,63}$");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void No_list_lets_peoples_words_in(string type)
    {
        var listed = EventTypes.FindDetails(type)!.Select(key => (key, "x")).ToArray();

        listed.Select(detail => detail.key).ShouldNotContain(key => key == "note" || key == "prompt" || key == "text" || key == "body" || key == "content" || key == "messages");
    }
}
