namespace Appliance.Ui;

public enum IconShape
{
    Brand,
    Home,
    Models,
    Chat,
    Activity,
    Settings,
    Send,
    Stop,
}
