// The appliance runs in UTC; people read their own clock.
export const zone = () => ({
  name: Intl.DateTimeFormat().resolvedOptions().timeZone ?? '',
  minutesEast: -new Date().getTimezoneOffset(),
});
